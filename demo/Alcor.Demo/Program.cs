using System.CommandLine;
using Alcor.Demo;

var name = new Option<string>("--name")
{
    Description = "Begins the names of what the demonstration makes: 1 to 11 letters and digits.",
    DefaultValueFactory = _ => "demo",
};
var listen = new Option<string>("--listen")
{
    Description = "Where the API listens: http://address:port.",
    DefaultValueFactory = _ => "http://127.0.0.1:9696",
};
listen.Validators.Add(result =>
{
    if (!Uri.TryCreate(result.Tokens is [.., var last] ? last.Value : "http://x", UriKind.Absolute, out var url)
        || url.Scheme != "http")
        result.AddError("--listen: expected http://address:port.");
});
var keep = new Option<bool>("--keep") { Description = "Keep the API up until Ctrl-C." };

var up = new Command("up", "Two hosts with real Open vSwitch, three machines, every ping; leaves it running.")
{
    name, listen,
};
up.SetAction((parsed, cancellationToken) =>
    UpCommand.RunAsync(parsed.GetValue(name)!, new Uri(parsed.GetValue(listen)!), cancellationToken));
var down = new Command("down", "Remove all of it.") { name };
down.SetAction((parsed, _) => DownCommand.RunAsync(parsed.GetValue(name)!));
var memory = new Command("memory", "The same on the in-memory data plane, in one process.") { listen, keep };
memory.SetAction((parsed, cancellationToken) =>
    MemoryCommand.RunAsync(new Uri(parsed.GetValue(listen)!), parsed.GetValue(keep), cancellationToken));
var root = new RootCommand("The demonstration of Alcor.") { up, down, memory };
return await root.Parse(args).InvokeAsync();
