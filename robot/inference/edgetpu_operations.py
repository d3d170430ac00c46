"""The operations of a TFLite file, and which of them an Edge TPU would leave to the processor.

The table follows "TensorFlow models on the Edge TPU", section "Supported operations" (coral.ai). Some listed operations
have further limits (sizes, ranks) that only the compiler checks: a model without complaint is not ruled out, no more.
"""

from __future__ import annotations

from typing import Any

from robot.errors import EngineMissing

MAPPED = frozenset(
    {
        "ADD",
        "AVERAGE_POOL_2D",
        "CONCATENATION",
        "CONV_2D",
        "DEPTHWISE_CONV_2D",
        "EXPAND_DIMS",
        "FULLY_CONNECTED",
        "L2_NORMALIZATION",
        "LOGISTIC",
        "LSTM",
        "MAXIMUM",
        "MAX_POOL_2D",
        "MEAN",
        "MINIMUM",
        "MUL",
        "PACK",
        "PAD",
        "PRELU",
        "QUANTIZE",
        "REDUCE_MAX",
        "REDUCE_MIN",
        "RELU",
        "RELU6",
        "RELU_N1_TO_1",
        "RESHAPE",
        "RESIZE_BILINEAR",
        "RESIZE_NEAREST_NEIGHBOR",
        "RSQRT",
        "SLICE",
        "SOFTMAX",
        "SPACE_TO_DEPTH",
        "SPLIT",
        "SQUEEZE",
        "STRIDED_SLICE",
        "SUB",
        "SUM",
        "SQUARED_DIFFERENCE",
        "TANH",
        "TRANSPOSE",
        "TRANSPOSE_CONV",
    }
)


def operations(content: bytes) -> list[tuple[str, bool]]:
    """The operations of a file in order: name, and whether all its tensors with data are integers of static shape.

    `content` must be a TFLite model that an interpreter has loaded, or whose hash was checked.

    Raises:
        EngineMissing: LiteRT, which brings the file format's schema, is not installed.
    """
    schema = _schema()
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(content, 0))
    names = {value: name for name, value in vars(schema.BuiltinOperator).items() if not name.startswith("_")}
    integers = {schema.TensorType.INT8, schema.TensorType.UINT8, schema.TensorType.INT32}
    found = []
    for graph in model.subgraphs:
        for operator in graph.operators:
            code = model.operatorCodes[operator.opcodeIndex]
            number = max(code.builtinCode, code.deprecatedBuiltinCode)
            tensors = [graph.tensors[i] for i in [*operator.inputs, *operator.outputs] if i >= 0]
            whole = all(
                t.type in integers and (t.shapeSignature is None or min(t.shapeSignature, default=1) > 0)
                for t in tensors
            )
            found.append((names.get(number, f"CUSTOM_{number}"), whole))
    return found


def _schema() -> Any:
    try:
        from ai_edge_litert import schema_py_generated  # noqa: PLC0415  a megabyte that only this needs
    except ImportError as error:
        raise EngineMissing(f"the file format of models needs LiteRT ({error}); pip install ai-edge-litert") from None
    return schema_py_generated


def unmapped(found: list[tuple[str, bool]]) -> list[str]:
    """What an Edge TPU would not run, one line for each operation."""
    lines = []
    for index, (name, whole) in enumerate(found):
        if name not in MAPPED:
            lines.append(f"operation {index} {name} is not in the Edge TPU's list")
        elif not whole:
            lines.append(f"operation {index} {name} has a tensor that is not an integer of static shape")
    return lines
