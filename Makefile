# Two commands on a fresh machine with Python 3.11 and make: `make run` and `make test`.
PYTHON ?= python3.11
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
export PYTHONUNBUFFERED = 1

.PHONY: help install run test test-postgresql bench lint format lock screenshots clean

help:            ## 列出各目标
	@grep -E '^[a-z-]+: .*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

install: $(STAMP) ## 在 .venv 中安装（锁定版本、校验哈希）

$(STAMP): requirements/dev.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $(STAMP)

run: install     ## 启动：门户、后台、后台进程；首次运行自动建库并装入示例区
	$(BIN)/gongkai serve $(ARGS)

test: install    ## 全部测试（SQLite；浏览器与 PostgreSQL 有则运行，无则明示跳过）
	$(BIN)/python -m pytest $(ARGS)

test-postgresql: install ## 在 PostgreSQL 上运行测试（DATABASE_URL=postgresql://…）
	@test -n "$$DATABASE_URL" || { echo "请设置 DATABASE_URL=postgresql://用户:密码@主机/数据库"; exit 2; }
	$(BIN)/python -m pytest $(ARGS)

bench: install   ## 性能测试：与同类在同一次运行中比较（ITEMS=30000）
	$(BIN)/python -m bench --items $(or $(ITEMS),30000) $(ARGS)

lint: install    ## ruff、mypy、依赖方向、模板
	$(BIN)/ruff check src tests bench
	$(BIN)/ruff format --check src tests bench
	$(BIN)/mypy --strict src/gongkai/rules src/gongkai/text src/gongkai/search
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet src/gongkai/web/templates

format: install  ## 自动排版代码
	$(BIN)/ruff check --fix --quiet src tests bench
	$(BIN)/ruff format src tests bench

lock: install    ## 重新锁定依赖
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" --python-version 3.11 pyproject.toml -o requirements/base.txt
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" --python-version 3.11 --extra dev pyproject.toml -o requirements/dev.txt

screenshots: install ## 重新生成 docs/screenshots 中的图片（需要 chromium）
	$(BIN)/python -m tests.browser.screenshots docs/screenshots

clean:           ## 删除运行数据
	rm -rf var
