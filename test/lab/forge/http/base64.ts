/** Base64 in lines of 60 characters, which is how GitHub gives the content of files. */
export function base64Lines(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll(/.{1,60}/g, '$&\n');
}
