/** Of the instructions and the answer's schema. A unit test holds their digest: another wording is another version. */
export const promptVersion = '1';
