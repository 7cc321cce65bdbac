/** Why one record cannot be read. It never leaves the source: the reader lists the record as broken and goes on. `message`: a sentence without its end. */
export class RecordFault extends Error {}
