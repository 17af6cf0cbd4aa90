const CENTS = 100;

export class Money {
  constructor(readonly cents: number) {}

  static zero(): Money {
    return new Money(0);
  }

  plus(other: Money): Money {
    return new Money(this.cents + other.cents);
  }

  toString(): string {
    return `${(this.cents / CENTS).toFixed(2)} €`;
  }
}

export function sum(amounts: Iterable<Money>): Money {
  let total = Money.zero();
  for (const amount of amounts) {
    total = total.plus(amount);
  }
  return total;
}
