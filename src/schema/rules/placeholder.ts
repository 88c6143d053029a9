/**
 * A template placeholder left in, such as `${NAME}` or `{{ name }}`. A name is short, and the search must not begin
 * again at each of many opening braces.
 */
export const placeholderIn = (text: string): string | undefined =>
  /\$\{[^}]{0,80}\}|\{\{[^}]{0,80}\}\}|<%=?[^%]{0,80}%>|%\([^)]{0,80}\)s/.exec(text)?.[0];
