"""Who is connected, with which choices and sealed secrets."""
