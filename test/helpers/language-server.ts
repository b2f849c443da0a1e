/** The TypeScript language server, asked what an editor asks it: `tsc --lsp`, over stdin and stdout. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';

interface Message {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: { readonly items?: readonly unknown[] };
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

interface CompletionItem {
  readonly label: string;
  readonly documentation?: { readonly value: string };
}

const markdown = ['markdown', 'plaintext'];
const capabilities = {
  textDocument: {
    hover: { contentFormat: markdown },
    completion: {
      completionItem: {
        documentationFormat: markdown,
        resolveSupport: { properties: ['documentation', 'detail'] },
      },
    },
    diagnostic: {},
  },
};

/** One document in an editor, which is nowhere on the disk. */
export class LanguageServer {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #waiting = new Map<number, (message: Message) => void>();
  readonly #uri: string;
  #received = Buffer.alloc(0);
  #lastId = 0;
  #text = '';

  private constructor(file: string) {
    this.#uri = pathToFileURL(file).href;
    this.#process = spawn('node_modules/.bin/tsc', ['--lsp', '--stdio']);
    this.#process.stderr.resume();
    this.#process.stdout.on('data', (bytes: Buffer) => this.#receive(bytes));
  }

  static async start(folder: string, file: string): Promise<LanguageServer> {
    const server = new LanguageServer(file);
    const rootUri = pathToFileURL(folder).href;
    await server.#request('initialize', { processId: process.pid, rootUri, capabilities });
    server.#send({ method: 'initialized', params: {} });
    server.#send({
      method: 'textDocument/didOpen',
      params: {
        textDocument: { uri: server.#uri, languageId: 'typescript', version: 1, text: '' },
      },
    });
    return server;
  }

  async stop(): Promise<void> {
    const ended = once(this.#process, 'close');
    await this.#request('shutdown', undefined);
    this.#send({ method: 'exit' });
    await ended;
  }

  /** Types the whole document anew. */
  write(text: string): void {
    this.#text = text;
    const textDocument = { uri: this.#uri, version: ++this.#lastId };
    this.#send({
      method: 'textDocument/didChange',
      params: { textDocument, contentChanges: [{ text }] },
    });
  }

  /** What is shown for the word at an offset, in Markdown. */
  async hover(offset: number): Promise<string> {
    const shown = await this.#at<{ contents: { value: string } } | null>('hover', offset);
    return shown?.contents.value ?? '';
  }

  /** What is offered at an offset, each with its documentation. */
  async completions(offset: number): Promise<ReadonlyMap<string, string>> {
    const list = await this.#at<{ items: readonly CompletionItem[] }>('completion', offset);
    const items = await Promise.all(
      list.items.map((item) => this.#request<CompletionItem>('completionItem/resolve', item)),
    );
    return new Map(
      items.map(({ label, documentation }) => [label.replace('?', ''), documentation?.value ?? '']),
    );
  }

  /** What the compiler finds wrong. */
  async errors(): Promise<string[]> {
    const textDocument = { uri: this.#uri };
    const report = await this.#request<{ items: readonly { message: string; severity: number }[] }>(
      'textDocument/diagnostic',
      { textDocument },
    );
    return report.items.filter((item) => item.severity === 1).map((item) => item.message);
  }

  #at<T>(what: string, offset: number): Promise<T> {
    const before = this.#text.slice(0, offset).split('\n');
    const position = { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
    return this.#request(`textDocument/${what}`, { textDocument: { uri: this.#uri }, position });
  }

  async #request<T>(method: string, params: unknown): Promise<T> {
    const id = ++this.#lastId;
    const answer = new Promise<Message>((resolve) => {
      this.#waiting.set(id, resolve);
    });
    this.#send({ id, method, params });
    const { result, error } = await answer;
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result as T;
  }

  #send(message: object): void {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    this.#process.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  #receive(bytes: Buffer): void {
    this.#received = Buffer.concat([this.#received, bytes]);
    for (;;) {
      const start = this.#received.indexOf('\r\n\r\n') + 4;
      const [, length] =
        /Content-Length: (\d+)/.exec(this.#received.toString('latin1', 0, start)) ?? [];
      const end = start + Number(length);
      if (start < 4 || this.#received.length < end) return;
      this.#take(JSON.parse(this.#received.toString('utf8', start, end)) as Message);
      this.#received = this.#received.subarray(end);
    }
  }

  #take({ id, method, params, ...answer }: Message): void {
    if (method === undefined) this.#waiting.get(Number(id))?.(answer);
    // The server asks for settings and the like: there are none.
    else if (id !== undefined) this.#send({ id, result: params?.items?.map(() => null) ?? null });
  }
}
