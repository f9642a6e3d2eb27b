/** Counts the requests that each task is answering. */
export class RequestsUnderWay {
  readonly #counts = new Map<string, number>();

  of(taskId: string): number {
    return this.#counts.get(taskId) ?? 0;
  }

  /** Returns what is to be called, once or more, when the request is over. */
  begin(taskId: string): () => void {
    this.#counts.set(taskId, this.of(taskId) + 1);
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      const left = this.of(taskId) - 1;
      if (left > 0) this.#counts.set(taskId, left);
      else this.#counts.delete(taskId);
    };
  }
}
