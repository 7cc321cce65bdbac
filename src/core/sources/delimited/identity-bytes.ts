/** Bytes at the beginning that are compared when a file is looked at again. */
export const identityBytes = 64;
