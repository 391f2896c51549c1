"""Drives the service with the package tritonclient as it is published; prints what it saw as one JSON object."""

import json
import sys

import ml_dtypes
import numpy as np
import tritonclient.http as http
from tritonclient.utils import InferenceServerException


def infer(client, probe, rows, datatype, binary, outputs=None):
    tensor = http.InferInput("activations", list(rows.shape), datatype)
    tensor.set_data_from_numpy(rows, binary_data=binary)
    return client.infer(probe, [tensor], outputs=outputs, request_id="call-7")


def error_of(call):
    try:
        call()
    except InferenceServerException as e:
        return [e.status(), e.message()]
    return None


def main(url, probe, width):
    client = http.InferenceServerClient(url=url)
    # a multiple of 1/4 below 1 in size: exact in every datatype
    rows = ((np.arange(3 * width).reshape(3, width) % 7 - 3) * 0.25).astype(np.float64)
    single = rows.astype(np.float32)
    seen = {
        "live": client.is_server_live(),
        "ready": client.is_server_ready(),
        "server": client.get_server_metadata(),
        "model_ready": client.is_model_ready(probe),
        "version_ready": client.is_model_ready(probe, "1"),
        "other_version_ready": client.is_model_ready(probe, "2"),
        "other_model_ready": client.is_model_ready("nothing"),
        "model": client.get_model_metadata(probe),
    }
    answers = {
        "FP64": infer(client, probe, rows, "FP64", True),
        "FP64 in JSON": infer(client, probe, rows, "FP64", False),
        "FP32": infer(client, probe, single, "FP32", True),
        "FP32 in JSON": infer(client, probe, single, "FP32", False),
        "FP16": infer(client, probe, rows.astype(np.float16), "FP16", True),
        "BF16": infer(client, probe, rows.astype(ml_dtypes.bfloat16), "BF16", True),
    }
    wishes = [
        http.InferRequestedOutput("logit", binary_data=False),
        http.InferRequestedOutput("flagged", binary_data=True),
    ]
    answers["chosen outputs"] = infer(client, probe, single, "FP32", True, wishes)
    seen["rows"] = single.tolist()
    seen["logits"] = {name: answer.as_numpy("logit").tolist() for name, answer in answers.items()}
    seen["flagged"] = {name: answer.as_numpy("flagged").tolist() for name, answer in answers.items()}
    seen["probability"] = answers["FP32"].as_numpy("probability").tolist()
    seen["left out"] = answers["chosen outputs"].as_numpy("probability") is None
    seen["id"] = answers["FP32"].get_response()["id"]
    seen["unknown model"] = error_of(lambda: infer(client, "nothing", single, "FP32", True))
    seen["wrong width"] = error_of(lambda: infer(client, probe, single[:, 1:], "FP32", True))
    single[1, 1] = np.nan
    seen["not a number"] = error_of(lambda: infer(client, probe, single, "FP32", True))
    print(json.dumps(seen))


main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
