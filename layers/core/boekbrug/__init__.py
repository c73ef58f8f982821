"""Books the orders of Mijnwebwinkel shops into Acumulus: once, to the cent, and explained."""
