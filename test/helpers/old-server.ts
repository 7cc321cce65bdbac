import { MessageSplitter, pass, startProxy, type Proxy } from './protocol-proxy.ts';

/**
 * A proxy that lets a server pass for an older one: it says another version when a connection begins, and in every row of an answer with a column
 * `server_version`. Whatever else is asked is answered by the server itself.
 */
export function startOldServer(upstreamPort: number, version: { readonly text: string; readonly number: number }): Promise<Proxy> {
  return startOtherServer(upstreamPort, { server_version: String(version.number) }, version.text);
}

/** A proxy that answers something else in every row with a column of one of these names (null = NULL), and may say another version when a connection begins. */
export function startOtherServer(
  upstreamPort: number,
  answers: Readonly<Record<string, string | null>>,
  versionText: string | null = null,
): Promise<Proxy> {
  return startProxy(upstreamPort, (client, upstream) => {
    let columns: readonly string[] = [];
    const fromServer = new MessageSplitter(false, (type, body) => {
      if (versionText !== null && type === 'S' && body.toString('utf8').startsWith('server_version\0'))
        return Buffer.from(`server_version\0${versionText}\0`);
      if (type === 'T') columns = columnNames(body);
      if (type !== 'D') return true;
      const others = Object.entries(answers).filter(([name]) => columns.includes(name));
      return others.length === 0 ? true : others.reduce((row, [name, text]) => withField(row, columns.indexOf(name), text), body);
    });
    pass(client, upstream, new MessageSplitter(true, () => true));
    pass(upstream, client, fromServer);
  });
}

/** RowDescription: a count, and of each column its name and 18 bytes. */
function columnNames(body: Buffer): readonly string[] {
  const names: string[] = [];
  for (let at = 2; names.length < body.readUInt16BE(0);) {
    const end = body.indexOf(0, at);
    names.push(body.toString('utf8', at, end));
    at = end + 1 + 18;
  }
  return names;
}

/** DataRow: a count, and of each field its length and bytes. */
function withField(body: Buffer, column: number, text: string | null): Buffer {
  let at = 2;
  for (let i = 0; i < column; i++) at += 4 + Math.max(0, body.readInt32BE(at));
  const length = Buffer.alloc(4);
  length.writeInt32BE(text === null ? -1 : Buffer.byteLength(text));
  return Buffer.concat([body.subarray(0, at), length, Buffer.from(text ?? ''), body.subarray(at + 4 + Math.max(0, body.readInt32BE(at)))]);
}
