"""`gongkai search-eval`: index a collection, ask its questions, write the run for a scorer."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from gongkai.search.engine import SearchUnavailable
from gongkai.search.evaluation import TEMPORARY_ENGINES, BadCollection, ask, build, read_texts


class Command(BaseCommand):
    """Write a run of the search on a collection with judgements."""

    help = (
        "检验检索质量：把文档集建成临时索引，逐个检索问题，写出每个问题的前100个结果，不涉及本站数据。"
        "文件为JSON Lines：文档有 _id、title、text，问题有 _id、text；结果为“问题<TAB>文档<TAB>得分”，得分越高越相关。"
        "示例：gongkai search-eval --corpus corpus.jsonl --queries queries.jsonl --out run.tsv"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--corpus", type=Path, required=True, metavar="文件", help="文档集")
        parser.add_argument("--queries", type=Path, required=True, metavar="文件", help="问题")
        parser.add_argument("--out", type=Path, required=True, metavar="文件", help="结果写到哪里（已有的将被覆盖）")
        parser.add_argument(
            "--engine",
            choices=sorted(TEMPORARY_ENGINES),
            default="embedded",
            help="检索引擎：embedded（内置，默认）或 opensearch（SEARCH_URL 所指集群，建临时索引，用后删除）",
        )
        parser.add_argument("--quiet", action="store_true", help="不显示进度条")

    def handle(self, *args: Any, **options: Any) -> None:
        """Index, ask, write."""
        try:
            questions = list(read_texts(options["queries"]))
            if not options["corpus"].is_file():
                raise BadCollection(f"找不到文档集：{options['corpus']}。")
            with options["out"].open("w", encoding="utf-8") as out, TEMPORARY_ENGINES[options["engine"]]() as engine:
                with self._bar("建立索引", "篇", options) as bar:
                    ids = build(engine, read_texts(options["corpus"]), bar.update)
                for question in self._bar("检索", "题", options, questions):
                    out.writelines(
                        f"{question.id}\t{found}\t{score!r}\n" for found, score in ask(engine, question, ids)
                    )
        except (BadCollection, SearchUnavailable) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"无法写入{options['out']}：{error.strerror or error}。") from error
        self.stdout.write(f"已检索 {len(questions)} 个问题（文档 {len(ids)} 篇），结果写入 {options['out']}。")

    def _bar(self, what: str, unit: str, options: dict[str, Any], items: list[Any] | None = None) -> Any:
        return tqdm(items, desc=what, unit=unit, file=sys.stderr, disable=options["quiet"] or None)
