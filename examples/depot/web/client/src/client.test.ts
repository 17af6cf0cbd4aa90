import { describe, expect, it } from "vitest";

import { Client } from "./client";

class RecordedTransport {
  readonly paths: string[] = [];

  async send(path: string): Promise<{ cents: number }> {
    this.paths.push(path);
    return { cents: 490 };
  }
}

describe("Client", () => {
  it("asks for freight where a parcel is heavy", async () => {
    const transport = new RecordedTransport();
    const quote = await new Client(transport).quote({ from: "Ulm", to: "Graz", grams: 30_000 });
    expect(transport.paths).toEqual(["/freight"]);
    expect(quote.price.toString()).toBe("4.90 €");
  });
});
