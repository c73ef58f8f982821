"""What was decided and booked for every order: the truth the promise rests on."""
