using System.CommandLine;
using Alcor.Server;

var root = new RootCommand("Alcor: a cloud network control plane.")
{
    ServeCommand.Create(), AgentCommand.Create(), TraceCommand.Create(),
};
return await CommandLine.RunAsync(root, args);
