/** A rule of thumb for English and JSON, to share a budget out; what is sent is counted by the model's own service. */
const charactersPerToken = 4;

export function estimatedTokens(text: string): number {
  return Math.ceil(text.length / charactersPerToken);
}
