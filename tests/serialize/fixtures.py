#!/usr/bin/env python3
"""Writes the fixtures of data/ and the seeds of the fuzzers that need no libtorch: fixtures.py FOLDER.

The .pt files are pickled by Python itself, with stand-ins for PyTorch's classes, in the layout of torch.save. Those named
libtorch_* were written by libtorch 1.13.1's torch::save.
"""
import collections
import gzip
import io
import pathlib
import pickle
import struct
import sys
import types
import zipfile

import numpy

torch = types.ModuleType("torch")
utils = types.ModuleType("torch._utils")
torch._utils = utils
sys.modules["torch"] = torch
sys.modules["torch._utils"] = utils


def stand_in(module, name, **members):
    made = type(name, (), {"__module__": module.__name__, **members})
    setattr(module, name, made)
    return made


def function(module, name):
    def made(*arguments):
        raise NotImplementedError

    made.__module__, made.__name__, made.__qualname__ = module.__name__, name, name
    setattr(module, name, made)
    return made


rebuild_tensor = function(utils, "_rebuild_tensor_v2")
rebuild_parameter = function(utils, "_rebuild_parameter")
STORAGES = {
    "f4": stand_in(torch, "FloatStorage"),
    "f8": stand_in(torch, "DoubleStorage"),
    "f2": stand_in(torch, "HalfStorage"),
    "i8": stand_in(torch, "LongStorage"),
    "i4": stand_in(torch, "IntStorage"),
    "u1": stand_in(torch, "ByteStorage"),
    "b1": stand_in(torch, "BoolStorage"),
}


class Storage:
    def __init__(self, numbers):
        self.numbers = numpy.ascontiguousarray(numbers).reshape(-1)


class Tensor:
    def __init__(self, storage, sizes, strides, offset=0, requires_grad=False):
        self.arguments = (storage, offset, tuple(sizes), tuple(strides), requires_grad, collections.OrderedDict())

    def __reduce__(self):
        return rebuild_tensor, self.arguments


class Parameter:
    def __init__(self, tensor):
        self.tensor = tensor

    def __reduce__(self):
        return rebuild_parameter, (self.tensor, True, collections.OrderedDict())


def tensor(array, **options):
    array = numpy.asarray(array)
    strides = [s // array.itemsize for s in numpy.ascontiguousarray(array).reshape(array.shape).strides]
    return Tensor(Storage(array), array.shape, strides, **options)


def save(value, path, protocol=2, folder="archive"):
    storages = []

    class Pickler(pickle.Pickler):
        def persistent_id(self, item):
            if not isinstance(item, Storage):
                return None
            if item not in storages:
                storages.append(item)
            kind = STORAGES[item.numbers.dtype.str[1:]]
            return "storage", kind, str(storages.index(item)), "cpu", len(item.numbers)

    text = io.BytesIO()
    Pickler(text, protocol).dump(value)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(f"{folder}/data.pkl", text.getvalue())
        archive.writestr(f"{folder}/byteorder", "little")
        for number, storage in enumerate(storages):
            archive.writestr(f"{folder}/data/{number}", storage.numbers.tobytes())
        archive.writestr(f"{folder}/version", "3\n")


def main() -> None:
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)

    shared = Storage(numpy.arange(12, dtype="f4"))
    state = collections.OrderedDict()
    state["0.weight"] = Parameter(Tensor(shared, (3, 2), (1, 3)))
    state["0.bias"] = Tensor(shared, (2,), (1,), offset=6)
    state["1.running_mean"] = tensor(numpy.array([0.5, -1.5]))
    state["1.num_batches_tracked"] = tensor(numpy.array(7))
    state["mask"] = tensor(numpy.array([[True, False]]))
    state["half"] = tensor(numpy.array([1.5, -2], dtype="f2"))
    state["none"] = tensor(numpy.zeros((0, 3), dtype="f4"))
    state["row"] = Tensor(Storage(numpy.array([4.0], dtype="f4")), (2, 3), (0, 0))
    save(state, folder / "python_state.pt")
    save(state, folder / "python_state_4.pt", protocol=4, folder="checkpoint")
    optimizer = {
        "state": {0: {"step": tensor(numpy.array(3.0, dtype="f4")), "exp_avg": tensor(numpy.ones(2, dtype="f4"))}},
        "param_groups": [{"lr": 0.001, "betas": (0.9, 0.999), "amsgrad": False, "foreach": None, "params": [0]}],
    }
    moments = {"step": tensor(numpy.array(3.0, dtype="f4"))}
    for name, number in (("exp_avg", 0.5), ("exp_avg_sq", 0.25)):
        moments[name] = tensor(numpy.full(2, number, dtype="f4"))
    group = {"lr": 0.01, "betas": (0.8, 0.9), "eps": 1e-8, "weight_decay": 0, "amsgrad": False, "maximize": False}
    python_only = {"foreach": None, "capturable": False, "differentiable": False, "fused": None}
    groups = [{**group, **python_only, "params": [0, 1]}, {**group, **python_only, "lr": 0.5, "initial_lr": 1.0, "params": []}]
    save({"state": {1: moments}, "param_groups": groups}, folder / "python_adam.pt")
    save({"model": state, "optimizer": optimizer, "epoch": 12, "note": "näher", "big": -(2**40)}, folder / "python_nested.pt")
    save(tensor(numpy.array([1, 2, 3])), folder / "python_tensor.pt")
    save([tensor(numpy.array([1, 2])), tensor(numpy.array([0.25]))], folder / "python_list.pt")

    for name, array in {
        "c": numpy.arange(6, dtype="<f4").reshape(2, 3),
        "fortran": numpy.asfortranarray(numpy.arange(24, dtype="<i4").reshape(2, 3, 4)),
        "big_endian": numpy.arange(4, dtype=">f8"),
        "scalar": numpy.array(2.5),
        "bools": numpy.array([True, False, True]),
        "empty": numpy.zeros((0, 3), dtype="i8"),
    }.items():
        numpy.save(folder / f"{name}.npy", array)
    with open(folder / "version_2.npy", "wb") as file:
        numpy.lib.format.write_array(file, numpy.arange(3, dtype="<i2"), version=(2, 0))
    arrays = {"a": numpy.arange(3, dtype="<f8"), "layer.b": numpy.ones((2, 2), dtype="<f4"), "u": numpy.array([200], dtype="u1")}
    numpy.savez(folder / "stored.npz", **arrays)
    numpy.savez_compressed(folder / "deflated.npz", **arrays)

    # Sizes with the high byte first after the code of the dtype; the same bytes packed.
    for name, code, array in [("bytes", 0x08, numpy.arange(6, dtype="u1").reshape(2, 3)), ("floats", 0x0D, numpy.array([0.5, -2], dtype=">f4"))]:
        idx = struct.pack(f">BBBB{array.ndim}I", 0, 0, code, array.ndim, *array.shape) + array.tobytes()
        (folder / f"{name}.idx").write_bytes(idx)
        (folder / f"{name}_idx.gz").write_bytes(gzip.compress(idx, mtime=0))
    (folder / "packed.idx").write_bytes(gzip.compress((folder / "bytes.idx").read_bytes(), mtime=0))

    header = b'{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"__metadata__":{"format":"pt"}}  '
    numbers = numpy.array([1.5, -2], dtype="<f4").tobytes()
    (folder / "python.safetensors").write_bytes(struct.pack("<Q", len(header)) + header + numbers)


if __name__ == "__main__":
    main()
