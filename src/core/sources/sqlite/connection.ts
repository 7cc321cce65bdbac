export { openForReading, openForRecovery, type Connection } from '../shared/sqlite/connection.ts';
