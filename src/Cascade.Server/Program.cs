using Cascade.Server.Hosting;

return await ServerProgram.RunAsync(args, Console.Error, CancellationToken.None);
