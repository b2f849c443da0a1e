/** The tree that the parser makes. Chains of operators are lists, so that long texts do not make deep trees. */

interface Placed {
  /** The offset in the text where it begins. */
  readonly at: number;
}

export type Expression = Placed &
  (
    | { readonly kind: 'number'; readonly value: number }
    | { readonly kind: 'truth'; readonly value: boolean }
    | { readonly kind: 'name'; readonly name: string }
    | {
        readonly kind: 'member';
        readonly of: Expression;
        readonly member: string;
        readonly memberAt: number;
      }
    | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
    | { readonly kind: 'sign'; readonly sign: '-' | '+' | '!'; readonly of: Expression }
    | Chain
    | {
        readonly kind: 'choice';
        /** Of the question mark. */
        readonly signAt: number;
        readonly condition: Expression;
        readonly yes: Expression;
        readonly no: Expression;
      }
  );

/** Operators of one precedence, from left to right. */
export interface Chain extends Placed {
  readonly kind: 'chain';
  readonly first: Expression;
  readonly rest: readonly Link[];
}

export interface Link extends Placed {
  readonly operator: string;
  readonly value: Expression;
}

export type Statement = Placed &
  (
    | {
        readonly kind: 'declare';
        readonly type: string;
        readonly name: string;
        readonly constant: boolean;
        readonly value: Expression | undefined;
      }
    | {
        readonly kind: 'assign';
        readonly name: string;
        readonly members: readonly Member[];
        /** `+` for `+=`; undefined for `=`. */
        readonly operator: string | undefined;
        readonly operatorAt: number;
        readonly value: Expression;
      }
    | {
        readonly kind: 'if';
        readonly condition: Expression;
        readonly yes: readonly Statement[];
        readonly no: readonly Statement[];
      }
    | { readonly kind: 'block'; readonly body: readonly Statement[] }
  );

export interface Member extends Placed {
  readonly member: string;
}
