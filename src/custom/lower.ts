/** Turns the tree of an operation into a graph of numbers, checking the types. Both sides of a choice are computed. */
import { didYouMean } from '../errors/suggest.ts';
import { callFunction, functions } from './functions.ts';
import { Graph, TooManyValues, type Value } from './graph.ts';
import { invalidText, type OpText } from './op-text.ts';
import { most } from './opcodes.ts';
import { applySign, choose, componentsOf, only, operate, select } from './operators.ts';
import type { Expression, Statement } from './syntax.ts';
import { type Context, numbers, sizes, type Type, type Typed } from './typed.ts';

/** A parameter as the text sees it. */
export interface TextParameter {
  readonly name: string;
  readonly type: 'float' | 'bool' | 'vec4';
  /** The words of an enum, which are numbers: `mode == mode.soft`. */
  readonly words?: readonly string[] | undefined;
}

export interface Lowered {
  readonly graph: Graph;
  /** What becomes of red, green, blue and alpha. */
  readonly result: readonly Value[];
}

interface Variable {
  readonly type: Type;
  readonly role: 'variable' | 'constant' | 'parameter' | 'input';
  readonly words?: readonly string[] | undefined;
  parts: readonly Value[];
}

/** Names that the language defines, which are no parameters and no variables. */
export const inputNames = ['c', 'x', 'y', 'width', 'height', 'uv'];

/** `radius` is 0 for operations on single pixels. */
export function lower(
  source: OpText,
  statements: readonly Statement[],
  parameters: readonly TextParameter[],
  radius: number,
): Lowered {
  const lowering = new Lowering(source, parameters, radius);
  try {
    lowering.run(statements);
  } catch (error) {
    if (!(error instanceof TooManyValues)) throw error;
    const message = `expected at most ${most.instructions} instructions, received a text that makes more`;
    throw invalidText(source, 0, message);
  }
  return { graph: lowering.graph, result: lowering.result() };
}

class Lowering implements Context {
  readonly graph = new Graph();
  readonly radius: number;
  readonly #source: OpText;
  readonly #variables = new Map<string, Variable>();
  /** The values before the innermost branch, of the variables that it has assigned. */
  #before: Map<Variable, readonly Value[]> | undefined;

  constructor(source: OpText, parameters: readonly TextParameter[], radius: number) {
    this.#source = source;
    this.radius = radius;
    const { graph } = this;
    const input = (...indices: number[]) => indices.map((index) => graph.input(index));
    this.#variables.set('c', { type: 'vec4', role: 'variable', parts: input(0, 1, 2, 3) });
    for (const [i, name] of ['x', 'y', 'width', 'height'].entries()) {
      this.#variables.set(name, { type: 'float', role: 'input', parts: input(4 + i) });
    }
    const half = graph.constant(0.5);
    const uv = [0, 1].map((axis) =>
      graph.code('div', graph.code('add', graph.input(4 + axis), half), graph.input(6 + axis)),
    );
    this.#variables.set('uv', { type: 'vec2', role: 'input', parts: uv });
    let index = 0;
    for (const { name, type, words } of parameters) {
      const parts = Array.from({ length: sizes[type] }, () => graph.parameter(index++));
      this.#variables.set(name, { type, role: 'parameter', words, parts });
    }
  }

  readonly fail = (at: number, message: string) => invalidText(this.#source, at, message);

  result(): readonly Value[] {
    return this.#variables.get('c')?.parts as readonly Value[];
  }

  /** Names that it declares end with it. */
  run(statements: readonly Statement[]): void {
    const declared: string[] = [];
    for (const statement of statements) {
      if (statement.kind === 'declare') declared.push(statement.name);
      this.#statement(statement);
    }
    for (const name of declared) {
      const variable = this.#variables.get(name) as Variable;
      this.#variables.delete(name);
      this.#before?.delete(variable);
    }
  }

  #statement(statement: Statement): void {
    if (statement.kind === 'declare') this.#declare(statement);
    else if (statement.kind === 'assign') this.#assign(statement);
    else if (statement.kind === 'if') this.#branch(statement);
    else this.run(statement.body);
  }

  #declare(statement: Extract<Statement, { kind: 'declare' }>): void {
    const { at, name, constant } = statement;
    const type = statement.type as Type;
    if (this.#variables.has(name) || functions.has(name)) {
      throw this.fail(at, `${name} is already defined; expected another name`);
    }
    const parts =
      statement.value === undefined
        ? Array(sizes[type]).fill(this.graph.constant(0))
        : this.#valueOf(type, name, statement.value).parts;
    this.#variables.set(name, { type, role: constant ? 'constant' : 'variable', parts });
  }

  #valueOf(type: Type, name: string, expression: Expression): Typed {
    const value = this.#value(expression);
    if (value.type === type) return value;
    throw this.fail(expression.at, `${name} expects a ${type}, received a ${value.type}`);
  }

  #assign(statement: Extract<Statement, { kind: 'assign' }>): void {
    const { at, name, operator, operatorAt } = statement;
    const variable = this.#variable(name, at, (known) => known.role === 'variable');
    if (variable.role !== 'variable') {
      const hint = `; copy it: ${variable.type} name = ${name};`;
      throw this.fail(at, `${name} is ${articles[variable.role]}, which cannot be assigned${hint}`);
    }
    let places = variable.parts.map((_, i) => i);
    let type: Type = variable.type;
    let target = name;
    for (const { at: memberAt, member } of statement.members) {
      const chosen = componentsOf(this, { type, parts: places }, member, memberAt);
      if (new Set(chosen).size < chosen.length) {
        throw this.fail(memberAt, `.${member} names a component twice, so it cannot be assigned`);
      }
      places = chosen.map((place) => places[place] as number);
      ({ type } = numbers(places));
      target += `.${member}`;
    }
    let value = this.#value(statement.value);
    if (operator !== undefined) {
      const old = { type, parts: places.map((place) => variable.parts[place] as Value) };
      value = operate(this, operator, old, value, operatorAt);
    }
    if (value.type !== type) {
      throw this.fail(statement.value.at, `${target} expects a ${type}, received a ${value.type}`);
    }
    const parts = [...variable.parts];
    for (const [i, place] of places.entries()) parts[place] = value.parts[i] as Value;
    this.#set(variable, parts);
  }

  #set(variable: Variable, parts: readonly Value[]): void {
    if (this.#before?.has(variable) === false) this.#before.set(variable, variable.parts);
    variable.parts = parts;
  }

  #branch({ condition, yes, no }: Extract<Statement, { kind: 'if' }>): void {
    const test = this.#value(condition);
    if (test.type !== 'bool') {
      const hint = test.type === 'float' ? '; compare it: x != 0.0' : '';
      throw this.fail(condition.at, `if expects a bool, received a ${test.type}${hint}`);
    }
    const [then, otherwise] = [this.#trial(yes), this.#trial(no)];
    for (const variable of new Set([...then.keys(), ...otherwise.keys()])) {
      const { parts } = variable;
      const [a, b] = [then.get(variable) ?? parts, otherwise.get(variable) ?? parts];
      this.#set(variable, select(this, only(test), a, b));
    }
  }

  /** What the statements would assign; the variables keep their values. */
  #trial(statements: readonly Statement[]): ReadonlyMap<Variable, readonly Value[]> {
    const outer = this.#before;
    const before = new Map<Variable, readonly Value[]>();
    this.#before = before;
    this.run(statements);
    this.#before = outer;
    const assigned = new Map<Variable, readonly Value[]>();
    for (const [variable, parts] of before) {
      assigned.set(variable, variable.parts);
      variable.parts = parts;
    }
    return assigned;
  }

  #value(expression: Expression): Typed {
    const { at } = expression;
    switch (expression.kind) {
      case 'number':
        return numbers([this.graph.constant(expression.value)]);
      case 'truth':
        return { type: 'bool', parts: [this.graph.constant(expression.value ? 1 : 0)] };
      case 'name':
        return this.#variable(expression.name, at);
      case 'member':
        return this.#member(expression);
      case 'call': {
        if (!functions.has(expression.name)) throw this.#unknown(expression.name, at, 'function');
        const args = expression.args.map((arg) => this.#value(arg));
        return callFunction(this, expression.name, args, at);
      }
      case 'sign':
        return applySign(this, expression.sign, this.#value(expression.of), at);
      case 'chain': {
        let left = this.#value(expression.first);
        for (const { at: place, operator, value } of expression.rest) {
          left = operate(this, operator, left, this.#value(value), place);
        }
        return left;
      }
      default: {
        const { condition, yes, no, signAt } = expression;
        return choose(this, this.#value(condition), this.#value(yes), this.#value(no), signAt);
      }
    }
  }

  #member({ of, member, memberAt: at }: Extract<Expression, { kind: 'member' }>): Typed {
    const words = of.kind === 'name' ? this.#variables.get(of.name)?.words : undefined;
    if (words !== undefined) {
      const index = words.indexOf(member);
      if (index >= 0) return numbers([this.graph.constant(index)]);
      const hint = didYouMean(member, words);
      throw this.fail(at, `expected one of ${words.join(', ')}, received "${member}"${hint}`);
    }
    const value = this.#value(of);
    const places = componentsOf(this, value, member, at);
    return numbers(places.map((place) => value.parts[place] as Value));
  }

  #variable(name: string, at: number, suits: (known: Variable) => boolean = () => true): Variable {
    const variable = this.#variables.get(name);
    if (variable !== undefined) return variable;
    const known = [...this.#variables].filter(([, entry]) => suits(entry)).map(([key]) => key);
    throw this.#unknown(name, at, 'name', known);
  }

  #unknown(name: string, at: number, what: 'name' | 'function', known?: readonly string[]) {
    const names = known ?? [...functions.keys()];
    const listed = what === 'name' ? `; expected one of ${names.slice(0, 20).join(', ')}` : '';
    const isFunction = what === 'name' && functions.has(name);
    const hint = isFunction ? `, which is a function: ${functions.get(name)?.call}` : '';
    const shown = JSON.stringify(name.slice(0, 60));
    return this.fail(at, `unknown ${what} ${shown}${hint || didYouMean(name, names) + listed}`);
  }
}

const articles = {
  constant: 'a constant',
  parameter: 'a parameter',
  input: 'an input',
} as const;
