/** "Undo it: sluice rollback …". */
export interface FollowUp {
  readonly purpose: string;
  readonly command: string;
}
