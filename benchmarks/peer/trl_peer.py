"""Training with TRL's trainers on the pairs of RaggedTraining: the same cases, order of rows, batches and adapter. Nothing is slowed down:
float32, sdpa attention, fused AdamW, no gradient checkpointing, no logging, no checkpoints, tokens prepared before the first step."""

import json
import time
import warnings

RANK = 8


def peak_mib():
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:")) / 1024


def tokenizer(vocabulary):
    """Token i is the word "t<i>"."""
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    words = Tokenizer(models.WordLevel({f"t{i}": i for i in range(vocabulary)}, unk_token="t2"))
    words.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return PreTrainedTokenizerFast(tokenizer_object=words, eos_token="t0", pad_token="t1", unk_token="t2")


def dataset(path, sft):
    from datasets import Dataset

    def text(ids):
        return " ".join(f"t{i}" for i in ids)

    with open(path, encoding="utf-8") as file:
        pairs = json.load(file)
    rows = [{key: (" " if key != "prompt" else "") + text(ids) for key, ids in pair.items()} for pair in pairs]
    if sft:
        rows = [{"prompt": row["prompt"], "completion": row["chosen"]} for row in rows]
    return Dataset.from_list(rows)


def trl(options, recorder):
    from peer import load

    warnings.filterwarnings("ignore")
    for case in options.get("cases", "dpo-lora,dpo-precomputed-lora,sft-lora,sft-full").split(","):
        recorder.turn()
        train(case, options, recorder, load(options))


def train(case, options, recorder, model):
    from peft import LoraConfig
    from torch.utils.data import SequentialSampler
    from transformers import TrainerCallback
    from trl import DPOConfig, DPOTrainer, SFTConfig, SFTTrainer

    method, weights = case.rsplit("-", 1)
    sft = method == "sft"
    data = dataset(options["data"], sft)
    batch = int(options.get("batch", 4))
    name = f"trl/{options.get('model', 'tiny-gemma3')}/{case}"
    watch = watch_of(TrainerCallback, recorder, name, "text" if sft else "pair", len(data), -(-len(data) // batch))
    settings = dict(
        output_dir="/tmp/goodhart-benchmarks/trl",
        per_device_train_batch_size=batch,
        max_steps=10**6,
        learning_rate=1e-5,
        lr_scheduler_type="constant",
        weight_decay=0.0,
        max_grad_norm=1.0,
        optim="adamw_torch_fused",
        gradient_checkpointing=False,
        bf16=False,
        use_cpu=True,
        dataloader_pin_memory=False,
        save_strategy="no",
        logging_strategy="no",
        report_to="none",
        disable_tqdm=True,
    )
    adapter = None
    if weights == "lora":
        adapter = LoraConfig(r=RANK, lora_alpha=2 * RANK, lora_dropout=0.0, target_modules="all-linear", task_type="CAUSAL_LM")
    if sft:
        trainer, config = SFTTrainer, SFTConfig(**settings)
    else:
        trainer = DPOTrainer
        config = DPOConfig(beta=0.1, precompute_ref_log_probs=method == "dpo-precomputed", **settings)
    in_order = type("InOrder", (trainer,), {"_get_train_sampler": lambda self, *_: SequentialSampler(data)})
    in_order(
        model=model,
        args=config,
        train_dataset=data,
        processing_class=tokenizer(model.config.vocab_size),
        peft_config=adapter,
        callbacks=[watch],
    ).train()


def watch_of(base, recorder, name, unit, amount, steps):
    """See io.goodhart.benchmarks.engine.StepWatch."""

    class Watch(base):
        def __init__(self):
            self.begun = time.perf_counter()
            self.start = None
            self.measured_from = None
            self.repeat = 0

        def on_step_end(self, args, state, control, **_):
            now = time.perf_counter(), time.process_time()
            step = state.global_step
            if self.measured_from is None:
                if step < 2 or now[0] - self.begun < recorder.warm_up_seconds:
                    return
                self.measured_from = step
                recorder.say(ready=name)
            elif (step - self.measured_from) % steps == 0:
                wall, cpu = now[0] - self.start[0], now[1] - self.start[1]
                recorder.say(
                    case=name, repeat=self.repeat, wall_s=wall, cpu_s=cpu, unit=unit, amount=amount, peak_mib=peak_mib()
                )
                self.repeat += 1
            else:
                return
            if self.repeat == recorder.repeats:
                control.should_training_stop = True
                return
            recorder.turn()
            self.start = time.perf_counter(), time.process_time()

    return Watch()
