import Glibc

guard CommandLine.arguments.count == 2 else {
  print("usage: budgets FOLDER, as scripts/bench.sh makes it")
  exit(64)
}
let bench = Workbench(folder: CommandLine.arguments[1])
do {
  try bench.printGrowth()
  exit(try bench.budgets.report() ? 0 : 1)
} catch {
  print(error)
  exit(70)
}
