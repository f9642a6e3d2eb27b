/** `staging` of `staging` and of `arn:aws:ecs:...:cluster/staging`. */
export function shortName(nameOrArn: string): string {
  return nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1);
}

/** `payments` and 7 of `payments:7` and of `arn:aws:ecs:...:task-definition/payments:7`. */
export function revisionOf(taskDefinition: string): { readonly family: string; readonly revision: number } {
  const short = shortName(taskDefinition);
  const colon = short.lastIndexOf(':');
  return { family: short.slice(0, colon), revision: Number(short.slice(colon + 1)) };
}

/** The tag of an image reference, or of one pinned by digest its digest; undefined where there is neither. */
export function imageTag(image: string): string | undefined {
  const name = image.slice(image.lastIndexOf('/') + 1);
  const at = name.indexOf('@');
  const colon = name.indexOf(':');
  if (at >= 0 && (colon < 0 || colon > at)) return name.slice(at + 1);
  if (colon < 0) return undefined;
  return at >= 0 ? name.slice(colon + 1, at) : name.slice(colon + 1);
}

/** Whether a version (a tag, a commit) names the commit, whole or shortened. */
export function namesCommit(version: string | undefined, sha: string): boolean {
  return (version?.match(/[0-9a-f]{7,40}/g) ?? []).some((part) => sha.startsWith(part));
}

/** The commit that an image was built from, where its tag is one (whole, abbreviated, or at the end after a dash). */
export function imageCommit(image: string): string | undefined {
  return /(?:^|[-_.])([0-9a-f]{7,40})$/.exec(imageTag(image) ?? '')?.[1];
}
