/** ES2024's resizable ArrayBuffer, which Node.js 20 has and the types of ES2023 do not. */
export const ResizableBuffer = ArrayBuffer as unknown as new (
  length: number,
  options: { readonly maxByteLength: number },
) => ArrayBuffer & { resize(length: number): void };
