"""The other side of the IPC test: the driver's own calls through ctypes, so that it needs no package.

Reads one JSON object a line and answers with one. {"invert": handle}: inverts the bytes of the memory in place.
{"make": bytes}: allocates memory of byte i = i % 251 and answers its handle. {"read": true}: the bytes of that memory.
"""

import ctypes
import json
import os
import sys

cuda = ctypes.CDLL("libcuda.so.1")


class IpcHandle(ctypes.Structure):
    _fields_ = [("reserved", ctypes.c_ubyte * 64)]


def check(status, what):
    if status != 0:
        raise RuntimeError(f"{what}: CUDA error {status}")


check(cuda.cuInit(0), "cuInit")
device = ctypes.c_int()
check(cuda.cuDeviceGet(ctypes.byref(device), 0), "cuDeviceGet")
context = ctypes.c_void_p()
check(cuda.cuDevicePrimaryCtxRetain(ctypes.byref(context), device), "cuDevicePrimaryCtxRetain")
check(cuda.cuCtxSetCurrent(context), "cuCtxSetCurrent")


def download(address, length):
    data = (ctypes.c_ubyte * length)()
    check(cuda.cuMemcpyDtoH_v2(data, ctypes.c_uint64(address), ctypes.c_size_t(length)), "cuMemcpyDtoH")
    return data


def upload(address, data):
    length = ctypes.c_size_t(len(data))
    check(cuda.cuMemcpyHtoD_v2(ctypes.c_uint64(address), data, length), "cuMemcpyHtoD")
    check(cuda.cuCtxSynchronize(), "cuCtxSynchronize")


def invert(given):
    handle = IpcHandle.from_buffer_copy(bytes.fromhex(given["handle"]))
    base = ctypes.c_uint64()
    check(cuda.cuIpcOpenMemHandle_v2(ctypes.byref(base), handle, ctypes.c_uint(1)), "cuIpcOpenMemHandle")
    address = base.value + given["offset"]
    data = download(address, given["byteLength"])
    upload(address, (ctypes.c_ubyte * len(data))(*(255 - byte for byte in data)))
    check(cuda.cuIpcCloseMemHandle(base), "cuIpcCloseMemHandle")
    return {"done": True}


made = ctypes.c_uint64()


def make(length):
    check(cuda.cuMemAlloc_v2(ctypes.byref(made), ctypes.c_size_t(length)), "cuMemAlloc")
    upload(made.value, (ctypes.c_ubyte * length)(*(i % 251 for i in range(length))))
    handle = IpcHandle()
    check(cuda.cuIpcGetMemHandle(ctypes.byref(handle), made), "cuIpcGetMemHandle")
    uuid = (ctypes.c_ubyte * 16)()
    check(cuda.cuDeviceGetUuid(uuid, device), "cuDeviceGetUuid")
    return {
        "handle": bytes(handle.reserved).hex(),
        "offset": 0,
        "byteLength": length,
        "shape": [length],
        "dtype": "u8",
        "device": bytes(uuid).hex(),
        "process": os.getpid(),
    }


length = 0
for line in sys.stdin:
    request = json.loads(line)
    if "invert" in request:
        answer = invert(request["invert"])
    elif "make" in request:
        length = request["make"]
        answer = make(length)
    else:
        answer = {"bytes": bytes(download(made.value, length)).hex()}
    print(json.dumps(answer), flush=True)
