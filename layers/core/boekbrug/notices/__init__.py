"""Mails to shop owners, in Dutch or English."""
