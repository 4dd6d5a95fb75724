"""What happens, as arrays: severity, restoration, supply, spread, thermal, people; `simulate` composes them."""
