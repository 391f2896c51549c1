"""The same work as io.goodhart.benchmarks.Main in PyTorch, transformers, PEFT and scikit-learn: same cases in the same order, same options,
same lines of JSON. Started by compare.py."""

import json
import math
import os
import sys
import time

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

RANK = 8
SPECIAL = 3


class Recorder:
    """See io.goodhart.benchmarks.measure.Recorder."""

    def __init__(self, repeats, warm_up_seconds, turns):
        self.repeats = repeats
        self.warm_up_seconds = warm_up_seconds
        self.turns = turns

    def turn(self):
        if self.turns and not sys.stdin.readline():
            sys.exit(0)

    @staticmethod
    def say(**values):
        print(json.dumps(values), flush=True)

    def measure(self, name, unit, amount, work, figures=lambda made: {}):
        """``work`` is what is timed; the caller has waited for the turn to begin the case. ``figures`` are of what it made."""
        start, times = time.perf_counter(), 0
        while times < 2 or time.perf_counter() - start < self.warm_up_seconds:
            work()
            times += 1
        self.say(ready=name)
        for repeat in range(self.repeats):
            self.turn()
            wall, cpu = time.perf_counter(), time.process_time()
            made = work()
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            self.say(case=name, repeat=repeat, wall_s=wall, cpu_s=cpu, unit=unit, amount=amount, **figures(made))


def gemm(options, recorder):
    import torch

    size, products = int(options.get("size", 2048)), int(options.get("products", 4))
    left, right = torch.full((size, size), 0.5), torch.full((size, size), 0.25)

    def work():
        for _ in range(products):
            left @ right

    recorder.turn()
    recorder.measure(f"gemm-{size}", "GFLOP", products * 2 * size**3 / 1e9, work)


def texts(rows, length, vocabulary, seed):
    import torch

    return torch.randint(SPECIAL, vocabulary, (rows, length), generator=torch.Generator().manual_seed(seed))


def load(options):
    import torch
    from transformers import AutoModelForCausalLM

    return AutoModelForCausalLM.from_pretrained(
        options["directory"], dtype=torch.float32, attn_implementation="sdpa", local_files_only=True
    )


def train(options, recorder):
    for method in options.get("methods", "sft,dpo").split(","):
        for weights in options.get("weights", "lora,full").split(","):
            recorder.turn()
            train_one(options, recorder, method, weights)


def log_probs(model, ids, prompt):
    """Summed log-probability of what follows the prompt; logits for those positions only."""
    import torch

    length = ids.shape[1]
    logits = model(ids, logits_to_keep=length - prompt + 1).logits[:, :-1]
    return -torch.nn.functional.cross_entropy(
        logits.flatten(0, 1), ids[:, prompt:].flatten(), reduction="none"
    ).view(ids.shape[0], -1).sum(1)


def train_one(options, recorder, method, weights):
    import torch
    from peft import LoraConfig, get_peft_model

    rows, length, steps = (int(options.get(k, v)) for k, v in (("rows", 8), ("length", 128), ("steps", 1)))
    model = load(options)
    vocabulary = model.config.vocab_size
    prompt = length // 2
    reference = None
    if weights == "lora":
        model = get_peft_model(
            model, LoraConfig(r=RANK, lora_alpha=2 * RANK, lora_dropout=0.0, target_modules="all-linear", task_type="CAUSAL_LM")
        )
    elif method == "dpo":
        reference = load(options).requires_grad_(False)
    model.train()
    parameters = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(parameters, lr=1e-5, weight_decay=0.0, fused=True)
    data = texts(4 * rows, length, vocabulary, 1).split(rows)
    turn = 0

    def reference_log_probs(ids):
        with torch.no_grad():
            if reference is not None:
                return log_probs(reference, ids, prompt)
            with model.disable_adapter():
                return log_probs(model, ids, prompt)

    def step():
        nonlocal turn
        ids = data[turn % len(data)]
        turn += 1
        if method == "sft":
            logits = model(ids).logits[:, :-1]
            loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), ids[:, 1:].flatten())
        else:
            half = rows // 2
            ids = ids.clone()
            ids[half:, :prompt] = ids[:half, :prompt]
            policy = log_probs(model, ids, prompt)
            ratios = policy - reference_log_probs(ids)
            loss = -torch.nn.functional.logsigmoid(0.1 * (ratios[:half] - ratios[half:])).mean()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        loss.item()

    def work():
        for _ in range(steps):
            step()

    name = f"train/{options.get('model', 'tiny-gemma3')}/{method}/{weights}"
    recorder.measure(name, "token", steps * rows * length, work)


def generate(options, recorder):
    import torch

    model = load(options).eval()
    model.generation_config.eos_token_id = None
    prompt_tokens, new_tokens, samples = (
        int(options.get(k, v)) for k, v in (("prompt-tokens", 16), ("new-tokens", 32), ("samples", 5))
    )
    for decoding in options.get("decodings", "greedy,sampled").split(","):
        for batch in map(int, options.get("batches", "1,16,64").split(",")):
            ids = texts(batch, prompt_tokens, model.config.vocab_size, 2)
            mask = torch.ones_like(ids)
            responses = 1 if decoding == "greedy" else samples
            # All responses to a prompt in one call, or, by --peer-calls each, in a call of their own.
            rounds, at_once = (responses, 1) if options.get("calls") == "each" else (1, responses)

            def work():
                with torch.inference_mode():
                    for _ in range(rounds):
                        made = model.generate(
                            ids,
                            attention_mask=mask,
                            do_sample=decoding != "greedy",
                            temperature=1.0,
                            top_k=0,
                            top_p=1.0,
                            max_new_tokens=new_tokens,
                            num_return_sequences=at_once,
                            pad_token_id=0,
                            use_cache=True,
                            output_hidden_states=decoding == "pooled",
                            return_dict_in_generate=True,
                        )
                        if made.sequences.shape[1] != prompt_tokens + new_tokens:
                            raise SystemExit("transformers stopped early")
                        if decoding == "pooled":
                            for layer in range(1, len(made.hidden_states[1])):
                                torch.stack([s[layer][:, -1] for s in made.hidden_states[1:]]).double().mean(0)

            recorder.turn()
            name = f"generate/{options.get('model', 'tiny-gemma3')}/{decoding}/b{batch}"
            recorder.measure(name, "token", responses * batch * new_tokens, work)


def splitmix(count, start):
    import numpy as np

    with np.errstate(over="ignore"):
        z = np.uint64(start[0]) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        start[0] = int(z[-1])
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z ^= z >> np.uint64(31)
    return (z >> np.uint64(11)) * 2.0**-53


def gaussians(count, state):
    """The numbers of ProbeFit, in its order."""
    import numpy as np

    uniforms = splitmix(2 * count, state).reshape(count, 2)
    return (np.sqrt(-2 * np.log(1 - uniforms[:, 0])) * np.cos(2 * np.pi * uniforms[:, 1])).astype(np.float32)


def examples(n, d, correlated, seed):
    """Those of ProbeFit."""
    import numpy as np

    state, factors = [seed], 16
    loadings = gaussians(factors * d, state).reshape(factors, d)
    direction = gaussians(d, state)
    draws = gaussians(n * (d + correlated * factors + 1), state).reshape(n, -1)
    x = draws[:, :d].copy()
    if correlated:
        strengths = draws[:, d : d + factors] / np.sqrt(np.arange(1, factors + 1))
        x = (0.3 * x + strengths.astype(np.float32) @ loadings).astype(np.float32)
    return x, (math.sqrt(d) * draws[:, -1] + x @ direction) > 0


def optimum(model, x, y):
    """The objective at a fit and the norm of its gradient, in float64."""
    import numpy as np

    scaler, fitted = model[0], model[-1]
    w, b = fitted.coef_[0].astype(np.float64), float(fitted.intercept_[0])
    z = (x.astype(np.float64) - scaler.mean_) / scaler.scale_
    logits = z @ w + b
    objective = 0.5 * w @ w + np.logaddexp(0, np.where(y, -logits, logits)).sum()
    residuals = 1 / (1 + np.exp(-logits)) - y
    gradient = np.append(w + z.T @ residuals, residuals.sum())
    return {"objective": objective, "gradient_norm": float(np.linalg.norm(gradient))}


def probe(options, recorder):
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    # Our fit stops at a gradient norm of 2e-6; scikit-learn's default stops far earlier. "tol" sets its bound, "dtype" float64 the
    # type of the copy that it works on: in float32 rounding may keep it from the optimum.
    kind_of = options.get("dtype", "float32")

    def pipeline():
        solver = options.get("solver", "lbfgs")
        return make_pipeline(
            StandardScaler(), LogisticRegression(tol=float(options.get("tol", 1e-4)), max_iter=10000, solver=solver)
        )

    for kind in options.get("features", "independent,correlated,sweep").split(","):
        if kind == "sweep":
            n, d, layers = (int(options.get(k, v)) for k, v in (("sweep-n", 4000), ("sweep-d", 768), ("layers", 6)))
            sets = [examples(n, d, True, layer + 1) for layer in range(layers)]
            sets = [(x.astype(kind_of), y) for x, y in sets]
            train = 3 * n // 4

            def sweep():
                aucs, model = [], None
                for x, y in sets:
                    model = pipeline().fit(x[:train], y[:train])
                    aucs.append(roc_auc_score(y[train:], model.decision_function(x[train:])))
                return model, sets[-1][0][:train], sets[-1][1][:train]

            recorder.turn()
            recorder.measure("probe-sweep", "layer", layers, sweep, lambda made: optimum(*made))
        else:
            x, y = examples(int(options.get("n", 10000)), int(options.get("d", 2048)), kind == "correlated", 1)
            x = x.astype(kind_of)
            recorder.turn()
            recorder.measure(
                f"probe-fit/{kind}", "fit", 1, lambda: (pipeline().fit(x, y), x, y), lambda made: optimum(*made)
            )


def main():
    name, arguments = sys.argv[1], sys.argv[2:]
    options = {key.removeprefix("--"): value for key, value in zip(arguments[::2], arguments[1::2])}
    threads = int(options.get("threads", 2))
    os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = str(threads)
    if name != "probe":
        import torch

        torch.set_num_threads(threads)
        import transformers

        transformers.logging.set_verbosity_error()
    recorder = Recorder(
        int(options.get("repeats", 5)), float(options.get("warm-up-seconds", 4)), options.get("turns") == "true"
    )
    if name == "trl":
        from trl_peer import trl

        trl(options, recorder)
        return
    {"gemm": gemm, "train": train, "generate": generate, "probe": probe}[name](options, recorder)


if __name__ == "__main__":
    main()
