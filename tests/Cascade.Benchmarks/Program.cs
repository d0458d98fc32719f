using BenchmarkDotNet.Running;

using Cascade.Benchmarks.Accounts;
using Cascade.Benchmarks.Journal;
using Cascade.Benchmarks.Streams;

if (args is ["journal", .. var rest])
    return await JournalLoad.RunAsync(rest);
if (args is ["accounts", .. var options])
    return await AccountsLoad.RunAsync(options);
if (args is ["tenant", .. var flags])
    return await TenantLoad.RunAsync(flags);
if (args is ["streams", .. var wishes])
    return await StreamsLoad.RunAsync(wishes);
if (args is ["relay", .. var addresses])
    return await BareRelay.RunAsync(addresses);

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
