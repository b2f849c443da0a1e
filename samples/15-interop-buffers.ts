// You learn: arrays of a device and back, by your own buffer under a tensor, and by a tensor as the buffer. Handing one over to the
// other copies nothing. Without a GPU both are host memory, and no address is wrapped.
//
//   npx tsc -p samples && node out/samples/15-interop-buffers.js
import { CudaBuffer, memcpyDtoH, memcpyHtoD, Tensor } from 'framelane';

function expectSame(one: ArrayLike<number>, other: ArrayLike<number>): void {
  for (let i = 0; i < one.length; i++) {
    if (one[i] !== other[i]) throw new Error(`element ${i}: ${one[i]} is not ${other[i]}`);
  }
}

// 1. A buffer, a tensor over it, and a buffer over the tensor. On the CPU device there is no interface to wrap.
const floats = Float32Array.from({ length: 100 }, () => (Math.random() - 0.5) * 2 ** 40);
using buffer = new CudaBuffer([10, 10], 'float32');
memcpyHtoD(buffer, floats);
using tensor = Tensor.from(buffer, { layout: 'HW' });
const { cudaArrayInterface } = tensor;
const wrapped = cudaArrayInterface
  ? CudaBuffer.fromCuda(cudaArrayInterface, { owner: tensor })
  : tensor;
const floatsBack = new Float32Array(100);
memcpyDtoH(floatsBack, wrapped);
expectSame(floatsBack, floats);

// 2. A tensor allocates, and is itself the target of copies.
const bytes = Uint8Array.from({ length: 300 }, () => Math.floor(Math.random() * 256));
using pixels = new Tensor([10, 10, 3], 'uint8', { layout: 'HWC' });
memcpyHtoD(pixels, bytes);
const bytesBack = new Uint8Array(300);
memcpyDtoH(bytesBack, pixels);
expectSame(bytesBack, bytes);

console.log(`${buffer.device}: both arrays came back equal`);
