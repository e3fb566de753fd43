"""What pinfi's CSV is measured against: polars, in a process that stays alive.

Usage: polars_peer.py TABLE.csv OUTPUT.csv, with POLARS_MAX_THREADS set. Reads the table once and answers with polars'
version. Then, for each line of standard input, answers with the seconds of one call and the processor seconds of all of
its threads:

    text            write_csv of the table, words as strings, to OUTPUT.csv
    labels          write_csv of the table, words as an Enum
    read FILE.csv   read_csv of a file whose columns are all numbers
    join A.csv B.csv    read_csv of both and their join by the column id
"""
import os
import sys
import time

import polars as pl


def cost(work):
    cpu, start = time.process_time(), time.perf_counter()
    work()
    return time.perf_counter() - start, time.process_time() - cpu


def write(table, path):
    # Emptying an old file takes time, which is not what is asked.
    if os.path.exists(path):
        os.remove(path)
    return cost(lambda: table.write_csv(path))


def main():
    path, output = sys.argv[1:3]
    with open(path) as file:
        words = [name for name in file.readline().strip().split(",") if name.startswith("word")]
    text = pl.read_csv(path, schema_overrides={word: pl.String for word in words})
    labels = text.with_columns(pl.col(word).cast(pl.Enum(text[word].unique().sort())) for word in words)
    print(pl.__version__, flush=True)
    for line in sys.stdin:
        command, _, argument = line.rstrip("\n").partition(" ")
        if command == "text":
            taken = write(text, output)
        elif command == "labels":
            taken = write(labels, output)
        elif command == "read":
            taken = cost(lambda: pl.read_csv(argument))
        elif command == "join":
            first, second = argument.split(" ")
            taken = cost(lambda: pl.read_csv(first).join(pl.read_csv(second), on="id"))
        else:
            sys.exit(f"polars_peer.py: no such command: {command}")
        print(*taken, flush=True)


main()
