/**
 * Names and messages of files, stores and servers as they are, in places where the editor reads markup: a notification, its progress or a prompt
 * would make a link of `[text](command:…)` that runs a command when it is clicked.
 */
export function plainMessage(text: string): string {
  return oneLine(text).replaceAll(/\]\((?=\s*(?:https?|command|file):)/gi, '] (');
}

/** For a label, description or status bar text, where `$(name)` would become an icon. */
export function plainLabel(text: string): string {
  return oneLine(text).replaceAll(/(\\?)\$\((?=[a-z0-9~-]+\))/gi, (_, escaped: string) => `${escaped}\\$(`);
}

/** Control characters and marks that turn the direction of writing make a name look like another one. */
function oneLine(text: string): string {
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g, ' ');
}
