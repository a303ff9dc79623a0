"""Transformers with random weights and a tokenizer trained on the spot: offline, in a second."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

Architecture = Literal["bert", "xlm-r", "modernbert"]
ARCHITECTURES: tuple[Architecture, ...] = ("bert", "xlm-r", "modernbert")
LONGEST = 128  # tokens that the models of the tests read

_SUBJECTS = ("천문대장은", "관측원은", "신청인은", "별지기는", "위원회는", "사업주는", "도서관장은")
_OBJECTS = ("관측휴가를", "망원경의 사용료를", "야간 관측의 허가를", "별자리 지도를", "신청서와 첨부서류를", "환급금을")
_WHEN = ("7일 이내에", "매년 3월 31일까지", "달이 뜨지 않는 날에는", "대통령령으로 정하는 바에 따라", "제12조에 따라")
_ENDS = ("주어야 한다.", "제출하여야 한다.", "면제할 수 있다.", "통지하지 아니한다.", "고시하여야 한다.", "보관한다.")


def sentences(count: int, *, seed: int = 0) -> list[str]:
    """Return invented provisions, of one to twelve sentences each."""
    chance = random.Random(seed)
    return [
        " ".join(
            " ".join(chance.choice(words) for words in (_SUBJECTS, _WHEN, _OBJECTS, _ENDS))
            for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 5, 12)))
        )
        for _ in range(count)
    ]


def embedding_model(
    folder: Path,
    architecture: Architecture,
    *,
    texts: Sequence[str],
    pooling: str = "mean",
    layers: int = 2,
    width: int = 32,
    words: int = 400,
    longest: int = LONGEST,
    prompts: dict[str, str] | None = None,
    include_prompt: bool = True,
) -> Path:
    """Write a SentenceTransformer and return its folder."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer

    plain = transformer(
        folder / "plain", architecture, texts=texts, layers=layers, width=width, words=words, longest=longest
    )
    body = Transformer(str(plain))
    body.max_seq_length = longest
    pooled = Pooling(width, pooling, include_prompt=include_prompt)
    SentenceTransformer(modules=[body, pooled], device="cpu", prompts=prompts).save(
        str(folder / "model"), create_model_card=False
    )
    return folder / "model"


def cross_encoder(folder: Path, architecture: Architecture, *, texts: Sequence[str], labels: int = 1) -> Path:
    """Write a CrossEncoder and return its folder."""
    return transformer(folder / "model", architecture, texts=texts, labels=labels)


def transformer(
    folder: Path,
    architecture: Architecture,
    *,
    texts: Sequence[str],
    layers: int = 2,
    width: int = 32,
    words: int = 400,
    longest: int = LONGEST,
    labels: int = 0,
) -> Path:
    """Write a transformer and its tokenizer; with ``labels`` one that classifies."""
    import torch
    import transformers
    from transformers import PreTrainedTokenizerFast

    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=_tokenizer(architecture, texts, words),
        pad_token="<pad>",
        unk_token="<unk>",
        cls_token="<s>",
        sep_token="</s>",
        mask_token="<mask>",
        model_max_length=longest,
        model_input_names=["input_ids", "attention_mask", *["token_type_ids"] * (architecture == "bert")],
    )
    sizes = {
        "vocab_size": len(tokenizer),
        "hidden_size": width,
        "num_hidden_layers": layers,
        "num_attention_heads": max(2, width // 64),
        "intermediate_size": width * 4,
        "pad_token_id": tokenizer.pad_token_id,
        "bos_token_id": tokenizer.cls_token_id,
        "eos_token_id": tokenizer.sep_token_id,
        "num_labels": max(labels, 1),
    }
    family = {"bert": "Bert", "xlm-r": "XLMRoberta", "modernbert": "ModernBert"}[architecture]
    if architecture == "modernbert":
        sizes |= {"max_position_embeddings": longest, "cls_token_id": sizes["bos_token_id"]}
        sizes |= {"sep_token_id": sizes["eos_token_id"]}
    else:
        sizes["max_position_embeddings"] = longest + 2
    config = getattr(transformers, f"{family}Config")(**sizes)
    torch.manual_seed(7)
    model = getattr(transformers, f"{family}{'ForSequenceClassification' if labels else 'Model'}")(config)
    with torch.no_grad():
        for weight in model.parameters():
            if weight.ndim > 1:  # far apart, so that a wrong token or a wrong place shows in the vector
                weight.normal_(0, 1.5 / weight.shape[-1] ** 0.5)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def _tokenizer(architecture: Architecture, texts: Sequence[str], words: int) -> object:
    from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

    marks = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    trainer: Any
    if architecture == "bert":
        made = Tokenizer(models.WordPiece(unk_token="<unk>"))
        made.normalizer = normalizers.NFC()
        made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        trainer = trainers.WordPieceTrainer(vocab_size=words, special_tokens=marks, show_progress=False)
    elif architecture == "xlm-r":
        made = Tokenizer(models.Unigram())
        made.normalizer = normalizers.NFKC()
        made.pre_tokenizer = pre_tokenizers.Metaspace()
        made.decoder = decoders.Metaspace()
        trainer = trainers.UnigramTrainer(
            vocab_size=words, special_tokens=marks, unk_token="<unk>", show_progress=False
        )
    else:
        made = Tokenizer(models.BPE())
        made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        made.decoder = decoders.ByteLevel()
        trainer = trainers.BpeTrainer(
            vocab_size=words,
            special_tokens=marks,
            show_progress=False,
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        )
    made.train_from_iterator(texts, trainer)
    made.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> $B:1 </s>:1" if architecture == "bert" else "<s> $A </s> </s> $B </s>",
        special_tokens=[(mark, made.token_to_id(mark)) for mark in ("<s>", "</s>")],
    )
    return made
