import { join } from 'node:path';
import ts from 'typescript';
import { root } from './pages.js';

// The exports of lib/ by their names, so that files of lib/ can move.

const LIBRARY = join(root, 'lib/index.ts');
const TESTING = join(root, 'lib/testing/index.ts');

const options: ts.CompilerOptions = {
  module: ts.ModuleKind.NodeNext,
  lib: ['lib.es2023.d.ts'],
  types: [],
  strict: true,
};
const host = ts.createCompilerHost(options);
// Leaves out the types of packages: reading them takes longer than everything else here.
host.fileExists = (file) => !file.includes('node_modules') && ts.sys.fileExists(file);
const program = ts.createProgram([LIBRARY, TESTING], options, host);
const checker = program.getTypeChecker();

export interface Member {
  name: string;
  isOptional: boolean;
  /** Its doc comment, on one line. */
  doc: string;
}

function read(file: string) {
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  if (!module) throw new Error(`${file} is no module.`);
  const exported = checker.getExportsOfModule(module);
  const typeOf = (name: string): ts.Type => {
    const found = exported.find((each) => each.name === name);
    if (!found) throw new Error(`${file} does not export ${name}.`);
    return checker.getDeclaredTypeOfSymbol(checker.getAliasedSymbol(found));
  };
  /** The public members of a type, in order. */
  const membersOf = (type: string): Member[] =>
    typeOf(type)
      .getProperties()
      .filter(isPublic)
      .map((each) => ({
        name: each.name,
        isOptional: (each.flags & ts.SymbolFlags.Optional) !== 0,
        doc: ts.displayPartsToString(each.getDocumentationComment(checker)).replace(/\s+/g, ' '),
      }));
  return {
    names: exported.map(({ name }) => name),
    membersOf,
    namesOf: (type: string) => membersOf(type).map(({ name }) => name),
    /** The strings of a union. */
    stringsOf(type: string): string[] {
      const union = typeOf(type);
      return union.isUnion() ? union.types.flatMap((each) => (each.isStringLiteral() ? [each.value] : [])) : [];
    },
  };
}

function isPublic(symbol: ts.Symbol): boolean {
  const { valueDeclaration } = symbol;
  const modifiers = valueDeclaration ? ts.getCombinedModifierFlags(valueDeclaration) : 0;
  const isInternal = symbol.getJsDocTags(checker).some(({ name }) => name === 'internal');
  return (modifiers & ts.ModifierFlags.Private) === 0 && !symbol.name.startsWith('__#') && !isInternal;
}

export const library = read(LIBRARY);
export const testing = read(TESTING);
