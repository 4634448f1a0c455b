import ts from 'typescript';
import { read } from './pages.js';

const parse = (file: string) => ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true);

export interface Member {
  name: string;
  isOptional: boolean;
  /** Its doc comment. */
  doc: string;
}

/** The members of an interface or a class that are for the package's users, in order. */
export function membersOf(file: string, type: string): Member[] {
  const declaration = parse(file).statements.find(
    (each): each is ts.InterfaceDeclaration | ts.ClassDeclaration =>
      (ts.isInterfaceDeclaration(each) || ts.isClassDeclaration(each)) && each.name?.text === type,
  );
  if (!declaration) throw new Error(`${file} declares no ${type}.`);
  return [...declaration.members].flatMap((member) => {
    const { name } = member;
    if (!name || !ts.isIdentifier(name) || isHidden(member)) return [];
    const doc = ts.getJSDocCommentsAndTags(member).map((each) => ts.getTextOfJSDocComment(each.comment) ?? '');
    const isOptional = 'questionToken' in member && member.questionToken !== undefined;
    return [{ name: name.text, isOptional, doc: doc.join('\n').replace(/\s+/g, ' ') }];
  });
}

function isHidden(member: ts.ClassElement | ts.TypeElement): boolean {
  const isPrivate =
    ts.canHaveModifiers(member) && ts.getModifiers(member)?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword);
  return isPrivate === true || ts.getJSDocTags(member).some(({ tagName }) => tagName.text === 'internal');
}

/** The names that a file exports from others. */
export function exportsOf(file: string): string[] {
  return parse(file).statements.flatMap((each) => {
    if (!ts.isExportDeclaration(each) || !each.exportClause || !ts.isNamedExports(each.exportClause)) return [];
    return each.exportClause.elements.map(({ name }) => name.text);
  });
}

/** The names of a constant object's members. */
export function keysOf(file: string, constant: string): string[] {
  const keys: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && node.name.getText() === constant) {
      let value = node.initializer;
      while (value && (ts.isAsExpression(value) || ts.isSatisfiesExpression(value))) value = value.expression;
      if (value && ts.isObjectLiteralExpression(value))
        keys.push(...value.properties.map((each) => each.name?.getText() ?? ''));
    }
    ts.forEachChild(node, visit);
  };
  visit(parse(file));
  return keys;
}
