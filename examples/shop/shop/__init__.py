"""A small shop: orders in, payments out."""

from shop.checkout import Checkout
from shop.money import Money
from shop.orders import Order, OrderLine

__all__ = ["Checkout", "Money", "Order", "OrderLine"]
