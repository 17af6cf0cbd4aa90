import { Basket } from "./basket";

export function announce(subject: unknown): void {
  if (subject instanceof Basket) {
    document.title = `Depot: ${subject.total}`;
  }
}
