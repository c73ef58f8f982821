"""The left edge: the Mijnwebwinkel (MyOnlineStore) API, read only."""
