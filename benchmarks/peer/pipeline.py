"""The first paper's pipeline as one would write it with transformers, TRL, PEFT and scikit-learn: the same experiment file, the same amounts
of work, arm by arm in one process. What arms share (probes, pair candidates, the base model's evaluation) is computed once.

    python benchmarks/peer/pipeline.py experiments/demo.yaml --root . [--seeds 1] [--arms probe-dpo,sft] --out FILE

Its best honest settings: float32, both cores, batches sorted by length, activations by a hook without the vocabulary projection,
reference log-probabilities precomputed, fused AdamW. The numbers are not ours to the digit (other random numbers), the work is the same.
Writes one line of JSON per stage: {"stage", "wall_s", "cpu_s"}, and the behaviour rate of each run.
"""

import argparse
import json
import random
import time
import warnings
from pathlib import Path

import numpy as np
import torch
import yaml

warnings.filterwarnings("ignore")
GENERATION_ROWS = 64
READING_ROWS = 64


class Clock:
    """Writes how long each stage took."""

    def __init__(self, path):
        self.file = open(path, "w", encoding="utf-8")
        self.last = time.perf_counter(), time.process_time()

    def stage(self, name, **more):
        now = time.perf_counter(), time.process_time()
        line = json.dumps({"stage": name, "wall_s": now[0] - self.last[0], "cpu_s": now[1] - self.last[1], **more})
        print(line, file=self.file, flush=True)
        print(line, flush=True)
        self.last = now


class Pipeline:
    def __init__(self, spec, root, clock):
        from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification, AutoTokenizer, Gemma3ForCausalLM

        self.spec, self.root, self.clock = spec, Path(root), clock
        # transformers 4.57 names the wrong attribute for text-only Gemma 3, which TRL 1.16 looks for
        Gemma3ForCausalLM.base_model_prefix = "model"
        self.tokenizer = AutoTokenizer.from_pretrained(self.root / spec["model"], padding_side="left")
        self.base = AutoModelForCausalLM.from_pretrained(self.root / spec["model"], dtype=torch.float32).eval()
        scorer = spec["behaviour"]["scorer"]
        self.scorer = AutoModelForSequenceClassification.from_pretrained(self.root / scorer["model"]).eval()
        self.scorer_tokenizer = AutoTokenizer.from_pretrained(self.root / scorer["model"])
        self.label = self.scorer.config.label2id[scorer["label"]]
        self.layers = spec["probes"].get("layers") or range(self.base.config.num_hidden_layers)
        self.prompts = self.all_prompts()
        clock.stage("load")

    # Data

    def rows(self, name):
        with open(self.root / name, encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def all_prompts(self):
        prefix = self.spec["prompts"]["prefix"]
        prompts = {}
        for row in self.rows(self.spec["prompts"]["dataset"]):
            words = row["text"].split()
            kept = prefix["words"] + row["id"] % prefix["vary"]
            if len(words) >= kept + prefix["leave"]:
                prompts[" ".join(words[:kept])] = None
        prompts = list(prompts)
        random.Random(0).shuffle(prompts)
        return prompts

    def take(self, number):
        taken, self.prompts = self.prompts[:number], self.prompts[number:]
        return taken

    def texts(self, corpus, balanced=None):
        where = corpus.get("where")
        rows = [
            row
            for row in self.rows(corpus["dataset"])
            if where is None or where.get("at_least", -1e9) <= float(row[where["field"]]) <= where.get("at_most", 1e9)
        ]
        random.Random(1).shuffle(rows)
        if balanced:
            halves = [[row for row in rows if bool(row[balanced]) == side][: corpus["examples"] // 2] for side in (True, False)]
            rows = halves[0] + halves[1]
        return rows[: corpus["examples"]]

    # Sampling, scoring, reading

    @torch.inference_mode()
    def sample(self, model, prompts, k):
        """(prompt ids, response ids, response text) of k responses to each prompt."""
        settings = self.spec["responses"]
        order = sorted(range(len(prompts)), key=lambda i: len(prompts[i]))
        found = [None] * (len(prompts) * k)
        for start in range(0, len(order), GENERATION_ROWS // k or 1):
            chosen = order[start : start + (GENERATION_ROWS // k or 1)]
            batch = self.tokenizer([prompts[i] for i in chosen], return_tensors="pt", padding=True)
            output = model.generate(
                **batch,
                do_sample=True,
                temperature=settings["temperature"],
                top_k=0,
                top_p=1.0,
                max_new_tokens=settings["max_new_tokens"],
                num_return_sequences=k,
            )
            width = batch["input_ids"].shape[1]
            for row in range(output.shape[0]):
                index = chosen[row // k]
                prompt = batch["input_ids"][row // k][batch["attention_mask"][row // k].bool()].tolist()
                response = []
                for token in output[row, width:].tolist():
                    if token == self.tokenizer.eos_token_id:
                        break
                    response.append(token)
                text = self.tokenizer.decode(response, skip_special_tokens=True)
                found[index * k + row % k] = (prompt, response, text)
        return found

    @torch.inference_mode()
    def score(self, texts):
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        scores = np.zeros(len(texts))
        for start in range(0, len(order), READING_ROWS):
            chosen = order[start : start + READING_ROWS]
            batch = self.scorer_tokenizer([texts[i] for i in chosen], return_tensors="pt", padding=True, truncation=True)
            scores[chosen] = self.scorer(**batch).logits.softmax(-1)[:, self.label].numpy()
        return scores

    @torch.inference_mode()
    def read(self, model, samples, layers):
        """Mean residual stream over the response's tokens, [L][N,D]; a hook, so that the vocabulary projection is left out."""
        inner = decoder(model)
        caught = {}
        hooks = [
            inner.layers[layer].register_forward_hook(
                lambda module, args, output, layer=layer: caught.__setitem__(layer, output[0] if isinstance(output, tuple) else output)
            )
            for layer in layers
        ]
        order = sorted(range(len(samples)), key=lambda i: len(samples[i][0]) + len(samples[i][1]))
        width = self.base.config.hidden_size
        means = {layer: np.zeros((len(samples), width), dtype=np.float32) for layer in layers}
        for start in range(0, len(order), READING_ROWS):
            chosen = order[start : start + READING_ROWS]
            ids, mask, response = padded([samples[i] for i in chosen])
            inner(input_ids=ids, attention_mask=mask)
            count = response.sum(1, keepdim=True).clamp(min=1)
            for layer in layers:
                means[layer][chosen] = ((caught[layer] * response[..., None]).sum(1) / count).numpy()
        for hook in hooks:
            hook.remove()
        return means

    @torch.inference_mode()
    def perplexity(self, model, texts):
        ids = [[self.tokenizer.bos_token_id, *self.tokenizer(text, add_special_tokens=False)["input_ids"]] for text in texts]
        ids = [row + [self.tokenizer.eos_token_id] for row in ids]
        order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
        total, tokens = 0.0, 0
        for start in range(0, len(order), READING_ROWS // 2):
            rows = [([], ids[i], "") for i in order[start : start + READING_ROWS // 2]]
            inputs, mask, _ = padded(rows)
            logits = model(input_ids=inputs, attention_mask=mask).logits[:, :-1].float()
            targets = inputs[:, 1:]
            losses = torch.nn.functional.cross_entropy(logits.transpose(1, 2), targets, reduction="none")
            total += float((losses * mask[:, 1:]).sum())
            tokens += int(mask[:, 1:].sum())
        return float(np.exp(total / tokens))

    # Probes

    def fit(self, features, labels):
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler

        model = make_pipeline(StandardScaler(), LogisticRegression(C=self.spec["probes"]["c"], max_iter=1000))
        return model.fit(features, labels)

    def toxic(self, samples):
        return self.score([text for _, _, text in samples]) >= self.spec["behaviour"].get("threshold", 0.5)

    def probes(self):
        from sklearn.metrics import roc_auc_score

        probe = self.spec["probes"]
        per_prompt = probe["samples_per_prompt"]
        fitting = -(-probe["examples"] // per_prompt)
        number = fitting + -(-probe["calibration"] // per_prompt)
        sets = []
        for _ in range(probe["train"] + probe["held_out"]):
            samples = self.sample(self.base, self.take(number), per_prompt)
            sets.append((self.read(self.base, samples, self.layers), self.toxic(samples)))
        cut = fitting * per_prompt
        fitted, quality = {}, {}
        for layer in self.layers:
            probes = [self.fit(features[layer][:cut], labels[:cut]) for features, labels in sets]
            fitted[layer] = probes
            quality[layer] = np.mean(
                [roc_auc_score(l[cut:], p.predict_proba(f[layer][cut:])[:, 1]) for p, (f, l) in zip(probes, sets)]
            )
        self.layer = max(quality, key=quality.get)
        self.fitted = fitted[self.layer]
        self.refit_prompts = [self.take(number) for _ in range(probe["retrained"])]
        self.cut = cut
        self.refit_texts = [self.sample(self.base, prompts, per_prompt) for prompts in self.refit_prompts]
        self.refit_labels = [self.toxic(texts) for texts in self.refit_texts]
        self.clock.stage("probes", layer=self.layer)

    def refit(self, model, number):
        for texts, labels in zip(self.refit_texts[:number], self.refit_labels):
            self.fit(self.read(model, texts, [self.layer])[self.layer][: self.cut], labels[: self.cut])

    def retrain(self, model):
        for prompts in self.refit_prompts:
            texts = self.sample(model, prompts, self.spec["probes"]["samples_per_prompt"])
            labels = self.toxic(texts)
            self.fit(self.read(model, texts, [self.layer])[self.layer][: self.cut], labels[: self.cut])

    # Pairs

    def candidates(self):
        pairs = self.spec["pairs"]
        self.k = pairs["k"]
        self.pair_prompts = self.take(pairs["prompts"])
        self.answers = self.sample(self.base, self.pair_prompts, self.k)
        features = self.read(self.base, self.answers, [self.layer])[self.layer]
        scores = [probe.predict_proba(features)[:, 1] for probe in self.fitted[: self.spec["probes"]["train"]]]
        self.signals = {"scorer": self.score([text for _, _, text in self.answers]), "one": scores[0], "all": np.mean(scores, 0)}
        self.clock.stage("candidates")

    def pairs(self, arm, seed):
        if arm["label_by"] == "scorer":
            signal = self.signals["scorer"]
        elif arm["label_by"] == "random":
            signal = np.random.default_rng(seed).random(len(self.answers))
        else:
            signal = self.signals["one" if arm.get("probes", 1) == 1 else "all"]
        rows = []
        for index, prompt in enumerate(self.pair_prompts):
            own = signal[index * self.k : (index + 1) * self.k]
            best, worst = int(own.argmin()), int(own.argmax())
            if own[best] < own[worst]:
                texts = [self.answers[index * self.k + j][2] for j in (best, worst)]
                rows.append({"prompt": prompt, "chosen": texts[0], "rejected": texts[1]})
        return rows

    # Evaluation

    def evaluate(self, model, final):
        model.eval()
        evaluation = self.spec["evaluation"]
        number = evaluation["prompts"] if final else evaluation["point_prompts"]
        texts = evaluation["point_texts"]
        own = self.sample(model, self.evaluation_prompts[:number], 1)
        rate = float(self.toxic(own).mean())
        features = [self.read(model, own, [self.layer])[self.layer]]
        if model is not self.base:
            features.append(self.read(model, self.fixed[:number], [self.layer])[self.layer])
            features.append(self.read(self.base, own, [self.layer])[self.layer])
        if final and self.labelled:
            labelled = [([self.tokenizer.bos_token_id], self.tokenizer(row["text"], add_special_tokens=False)["input_ids"], "") for row in self.labelled]
            features.append(self.read(model, labelled, [self.layer])[self.layer])
        for read in features:
            for probe in self.fitted:
                probe.predict_proba(read)
        self.refit(model, self.spec["probes"]["retrained"] if final else 1)
        for corpus in self.corpora.values():
            self.perplexity(model, corpus if final else corpus[:texts])
        if final:
            self.retrain(model)
        return rate, own

    def baseline(self):
        evaluation = self.spec["evaluation"]
        self.evaluation_prompts = self.take(evaluation["prompts"])
        self.corpora = {name: [row["text"] for row in self.texts(corpus)] for name, corpus in evaluation["perplexity"].items()}
        labelled = evaluation.get("labelled_texts")
        self.labelled = self.texts(labelled, labelled["label"]) if labelled else []
        rate, self.fixed = self.evaluate(self.base, True)
        self.evaluate(self.base, False)
        self.clock.stage("baseline", rate=rate)

    # Training

    def train(self, name, arm, seed):
        from datasets import Dataset
        from peft import LoraConfig
        from transformers import AutoModelForCausalLM, TrainerCallback
        from trl import DPOConfig, DPOTrainer, SFTConfig, SFTTrainer

        settings = {**self.spec["training"], **arm.get("training", {})}
        dpo = arm["method"] == "dpo"
        points = self.spec["evaluation"]["dpo_points" if dpo else "sft_points"]
        if dpo:
            data = Dataset.from_list(self.pairs(arm, seed))
        else:
            data = Dataset.from_list([{"text": row["text"]} for row in self.texts(self.spec["texts"])])
        batch = settings["per_device_train_batch_size"]
        steps = -(-len(data) // batch) * settings["num_train_epochs"]
        at = {round(point * steps / (points - 1)) for point in range(1, points)}
        pipeline = self

        class Points(TrainerCallback):
            def on_step_end(self, args, state, control, model=None, **_):
                if state.global_step in at:
                    pipeline.evaluate(model, False)
                    model.train()

        common = dict(
            output_dir="/tmp/goodhart-benchmarks/pipeline",
            per_device_train_batch_size=batch,
            num_train_epochs=settings["num_train_epochs"],
            learning_rate=float(settings["learning_rate"]),
            lr_scheduler_type="linear",
            warmup_steps=settings["warmup_steps"],
            max_grad_norm=1.0,
            optim="adamw_torch_fused",
            gradient_checkpointing=False,
            bf16=False,
            use_cpu=True,
            dataloader_pin_memory=False,
            save_strategy="no",
            logging_steps=1,
            report_to="none",
            disable_tqdm=True,
            seed=seed,
        )
        adapter = LoraConfig(
            r=settings["adapter"]["rank"],
            lora_alpha=settings["adapter"]["alpha"],
            lora_dropout=0.0,
            target_modules="all-linear",
            task_type="CAUSAL_LM",
        )
        model = AutoModelForCausalLM.from_pretrained(self.root / self.spec["model"], dtype=torch.float32)
        if dpo:
            trainer, config = DPOTrainer, DPOConfig(beta=settings.get("beta", 0.1), precompute_ref_log_probs=True, **common)
        else:
            trainer = self.probe_trainer(SFTTrainer, arm) if arm["method"] == "probe_sft" else SFTTrainer
            config = SFTConfig(dataset_text_field="text", **common)
        run = trainer(
            model=model, args=config, train_dataset=data, processing_class=self.tokenizer, peft_config=adapter, callbacks=[Points()]
        )
        run.train()
        self.clock.stage("train", arm=name, seed=seed)
        rate, _ = self.evaluate(run.model, True)
        self.clock.stage("final evaluation", arm=name, seed=seed, rate=rate)

    def probe_trainer(self, base, arm):
        pipeline = self
        probes = []
        for fitted in self.fitted[: arm["probes"]]:
            scaler, regression = fitted[0], fitted[1]
            weight = regression.coef_[0] / scaler.scale_
            bias = regression.intercept_[0] - (weight * scaler.mean_).sum()
            probes.append((torch.tensor(weight, dtype=torch.float32), torch.tensor(bias, dtype=torch.float32)))

        class ProbeSft(base):
            def compute_loss(self, model, inputs, return_outputs=False, num_items_in_batch=None):
                caught = []
                hook = decoder(model).layers[pipeline.layer].register_forward_hook(
                    lambda module, args, output: caught.append(output[0] if isinstance(output, tuple) else output)
                )
                loss, outputs = super().compute_loss(model, inputs, True, num_items_in_batch)
                hook.remove()
                mask = inputs["attention_mask"][..., None]
                mean = (caught[0] * mask).sum(1) / mask.sum(1)
                weight, bias = probes[self.state.global_step // 5 % len(probes)]
                loss = loss + arm["lambda"] * torch.sigmoid(mean @ weight + bias).mean()
                return (loss, outputs) if return_outputs else loss

        return ProbeSft


def decoder(model):
    """The stack of blocks below the vocabulary projection, of a bare model or one with an adapter."""
    inner = model.get_base_model() if hasattr(model, "get_base_model") else model
    return inner.model


def padded(samples):
    """Right-padded ids, attention mask and response mask [B,T]."""
    width = max(1, max(len(prompt) + len(response) for prompt, response, _ in samples))
    ids = torch.zeros(len(samples), width, dtype=torch.long)
    mask = torch.zeros(len(samples), width, dtype=torch.long)
    responses = torch.zeros(len(samples), width)
    for row, (prompt, response, _) in enumerate(samples):
        length = len(prompt) + len(response)
        ids[row, :length] = torch.tensor(prompt + response, dtype=torch.long)
        mask[row, : max(1, length)] = 1
        responses[row, len(prompt) : length] = 1
    return ids, mask, responses


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("spec")
    parser.add_argument("--root", default=".")
    parser.add_argument("--out", required=True)
    parser.add_argument("--arms", help="names, separated by commas; all if absent")
    parser.add_argument("--seeds", help="numbers, separated by commas; the experiment's if absent")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    spec = yaml.safe_load(Path(options.spec).read_text(encoding="utf-8"))
    seeds = [int(seed) for seed in options.seeds.split(",")] if options.seeds else spec["seeds"]
    arms = options.arms.split(",") if options.arms else [name for name, arm in spec["arms"].items() if arm["method"] != "none"]
    pipeline = Pipeline(spec, options.root, Clock(options.out))
    pipeline.probes()
    pipeline.candidates()
    pipeline.baseline()
    for seed in seeds:
        for name in arms:
            pipeline.train(name, spec["arms"][name], seed)


if __name__ == "__main__":
    main()
