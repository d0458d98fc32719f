using BenchmarkDotNet.Running;

using Cascade.Benchmarks.Journal;

if (args is ["journal", .. var rest])
    return await JournalLoad.RunAsync(rest);

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
