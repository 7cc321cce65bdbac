/** The shape of vscode.Event, for the parts of the host that run without the editor. */
export type Event<T> = (listener: (event: T) => unknown) => { dispose(): void };
