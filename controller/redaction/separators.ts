const quote = String.raw`\\{0,16}["'${'`'}]`;

/** What a value may be wrapped in: a tag or an anchor of YAML, a list, the kind of a string, a call that makes one. */
const wrapping = String.raw`(?:(?:\s|\\{1,16}[nrt]){0,40}string\(\d{1,6}\)[ \t]|(?!!(?:Ref|Sub|GetAtt|ImportValue|vault|secret|reference)\b)[!&][\w!]{1,20}[ \t]{1,4}|\[\s{0,8}(?=\\{0,16}["'])|(?:[bfrune]{1,2}|@|\$)(?=\\{0,16}["'])|(?:new[ \t])?(?:Secret|SecretStr|SecretString|String|str|bytes|Bytes|Buffer\.from|\[\]byte|Some|quote)\((?=\\{0,16}["']))?`;

/** Other fields between a name and its value, which say nothing of it or are hidden already. */
const between = String.raw`(?:${quote}\w{1,20}${quote}\s{0,9}:\s{0,9}(?:${quote}(?:\w{0,20}|\[redacted:[\w-]{1,40}\])${quote}|\w{1,10})\s{0,9},\s{0,40}){0,3}?`;

/** Sources of what may stand between a name and its value; the last, mere blanks, counts for command line flags alone. */
export const separators = [
  // variable "db_password" { default = "x" }, "password": {"type": "string", "value": "x"}
  String.raw`(?:${quote})?[ \t]{0,4}[:=]?[ \t]{0,4}\{[^{}]{0,400}?(?<!\w)(?:default|value)(?:${quote})?[ \t]{0,20}[:=][ \t]{0,4}(?=\\{0,16}["'])`,
  String.raw`(?:${quote})?:(?:\s|\\{1,16}[nrt]){1,40}(?:value|default)[ \t]{0,20}:[ \t]{0,20}`,
  // What a language says of its kind: password: str = "x", val password: String = "x", var password string = "x".
  String.raw`[ \t]{0,4}(?::[ \t]{0,4}&?[A-Za-z_][\w.<>[\]?|]{0,40}|[ \t]string)[ \t]{0,4}=[ \t]{0,4}(?=\\{0,16}["'])`,
  String.raw`(?:${quote})?\]?[ \t]{0,20}(?::=|!?={1,3}>?|:{1,2}|：)(?:[ \t]|\\{1,16}t){0,20}${wrapping}`,
  String.raw`(?<tag>(?:[ \t]{1,4}[\w:.-]{1,40}=\\{0,16}["'][^"'<>\n]{0,200}["']){0,4}>)(?:<!\[CDATA\[|\s{0,40}<value>)?`,
  // <param-name>password</param-name><param-value>x, <key>password</key><string>x
  String.raw`<\\{0,8}/[\w:.-]{1,40}>(?:\s|\\{1,16}[nrt]){0,40}<(?:[\w:.-]{0,30}value|string)>`,
  // What is taken where there is none: process.env.DB_PASSWORD || 'x', os.environ.get("DB_PASSWORD") or "x".
  String.raw`(?:${quote})?[\])]{0,2}[ \t]{1,4}(?:\|\||\?\?|or)[ \t]{1,4}(?=\\{0,16}["'])`,
  // add_argument('--password', default='x')
  String.raw`${quote},[^()\n]{0,80}?(?<!\w)default[ \t]{0,4}=[ \t]{0,4}(?=\\{0,16}["'])`,
  // setPassword("x")
  String.raw`(?<setter>\([ \t]{0,4}(?=\\{0,16}["']))`,
  // A cell of a table, or a field of psql: DB_PASSWORD | x
  String.raw`(?<cell>[ \t]{1,40}\|[ \t]{1,8})`,
  // ParameterKey=DBPassword,ParameterValue=x
  String.raw`,[ \t]{0,4}\w{0,12}value[ \t]{0,4}=[ \t]{0,4}`,
  // Scala and Clojure; an automatic property of C#.
  String.raw`[ \t]{0,8}(?:->|→)[ \t]{0,8}`,
  String.raw`[ \t]{1,4}\{[^{}\n]{0,60}\}[ \t]{0,4}=[ \t]{0,4}`,
  // A part of a form, as browsers send it.
  String.raw`(?<form>${quote}(?:[ \t]{0,4}(?:\r?\n|(?:\\{1,16}r)?\\{1,16}n)){2,3})`,
  // <entry key="db-password">, <add key="db-password" value="..."/>
  String.raw`${quote}[^<>\n]{0,80}>\s{0,40}<value>`,
  String.raw`${quote}[ \t]{0,4}(?:>|[ \t]value[ \t]{0,4}=[ \t]{0,4})`,
  // {"name": "DB_PASSWORD", "value": "..."}, as ECS and Kubernetes write an environment, and the same in YAML.
  String.raw`${quote}\s{0,40},\s{0,40}${between}${quote}(?:\w{0,12}value|val|from|to|old|new|before|after|default|content)${quote}\s{0,40}:\s{0,40}`,
  String.raw`(?:${quote})?(?:\s|\\{1,16}[nrt]){1,40}value[ \t]{0,20}:[ \t]{0,20}`,
  // --password x, and the same as a list of arguments in JSON and YAML.
  String.raw`(?<flag>[ \t]{1,40}|\\{1,16}t|${quote},\s{0,40}(?=${quote})|(?:${quote})?(?:\s|\\{1,16}[nrt]){1,40}-[ \t]{1,8})`,
].join('|');
