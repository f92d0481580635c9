// A browser as these tests need it, whichever engine and protocol is behind it.

/** A cookie, also one that no script can see. */
export interface Cookie {
  name: string;
  value: string;
}

/** One window of a browser. */
export interface Tab {
  /** Opens an address, and waits until it is loaded. */
  goto(url: string): Promise<void>;
  /** What an expression of JavaScript says in the page. */
  evaluate<T>(expression: string): Promise<T>;
  /** Types into a field, key by key. */
  type(selector: string, text: string): Promise<void>;
  /** Clicks where a person would. */
  click(selector: string): Promise<void>;
}

/** A browser that was never anywhere. */
export interface Engine {
  open(): Promise<Tab>;
  cookies(): Promise<Cookie[]>;
  deleteCookie(name: string): Promise<void>;
  close(): Promise<void>;
}
