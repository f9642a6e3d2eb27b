const pair = /^(?<user>[\w.@+\\-]{1,64}):(?<password>[\x21-\x7e]{4,128})\s?$/;

/** Things that are written with a colon as well: times, versions and images, ids of nodes, digests, addresses. */
const others = [
  /^\d+(?:[:.]\d+)*$/,
  /^v?\d+\.\d+[\w.+-]*$/,
  /^[/\\]/,
  /\.git$/,
  /^\w{2,20}:\/\//,
  /^[0-9a-f]{7,128}$/i,
  /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  /^(?:latest|stable|edge|alpine|true|false|null)$/,
  /^[\w-]{1,40}(?::[\w/-]{0,60}){2,}$/,
];
const names =
  /^(?:arn|urn|https?|sha\d{1,3}|md5|gid|cursor|offset|id|uid|node|issue|user|pull_?request|repository|organization|team|image|tag|key|type|kind|name|namespace|version|time|date|page|level|rv|resourceversion|\d+[\w]*)$/i;

/** Whether a text is what the Authorization header of the scheme Basic is made of, and Docker's `auth`: `user:password`. */
export function holdsCredentials(text: string): boolean {
  const { user, password } = pair.exec(text)?.groups ?? {};
  if (user === undefined || password === undefined || names.test(user)) return false;
  return !others.some((other) => other.test(password));
}
