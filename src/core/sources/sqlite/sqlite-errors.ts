export { namingErrors } from '../shared/sqlite/sqlite-errors.ts';
