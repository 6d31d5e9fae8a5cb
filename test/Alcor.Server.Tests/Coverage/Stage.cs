using System.Net;
using System.Text.Json.Nodes;
using Alcor.Kernel.Resources;
using Alcor.Network.Nodes;

namespace Alcor.Server.Tests.Coverage;

/// <summary>A resource that is there for a test.</summary>
/// <param name="Collection">The path of its collection, without parameters.</param>
internal sealed record Made(string Collection, string Id, JsonNode Row)
{
    public string Path => $"{Collection}/{Id}";
}

/// <summary>A project of its own on a running server, those who ask, and what is made in it for them.</summary>
internal sealed class Stage(RunningServer server)
{
    private static int last;
    private string? external;

    private readonly int number = Next();

    public string Project => $"project-{number}";

    public string OtherProject => $"other-{number}";

    /// <summary>Who has no more than it takes to be one of those, or a role that no policy knows.</summary>
    public (string, string)[] Least(Who who) => who switch
    {
        Who.Anybody => As("nobody", OtherProject),
        Who.AnyReader => As("reader", OtherProject),
        Who.Owner => As("nobody", Project),
        Who.Reader => As("reader", Project),
        Who.Member => As("member,reader", Project),
        _ => Admin,
    };

    public (string, string)[] Stranger => As("member,reader", OtherProject);

    public (string, string)[] Admin => As("admin", Project);

    /// <summary>Another number each time, in all stages.</summary>
    public static int Next() => Interlocked.Increment(ref last);

    public Task<Answer> SendAsync(string method, string path, string? body, (string, string)[] who) =>
        server.SendAsync(new HttpMethod(method), path, body, who);

    /// <summary>The path of a collection with a parent that is there.</summary>
    public async Task<string> PathAsync(CollectionCase of) => of.Parent is { } parent
        ? $"{(await CreateAsync(parent)).Path}{of.Path[of.Path.IndexOf('}', StringComparison.Ordinal)..][1..]}"
        : of.Path;

    /// <summary>Makes one of the project, as its administrator.</summary>
    public async Task<Made> CreateAsync(string path)
    {
        var of = CollectionCases.Of(path);
        if (of.Existing is { } existing)
        {
            var id = await existing(this);
            var shown = (await SendAsync("GET", $"{of.Path}/{id}", body: null, Admin)).Is(200);
            return new Made(of.Path, id, shown[of.Envelope]);
        }
        var collection = await PathAsync(of);
        var answer = await SendAsync("POST", collection, of.Wrap(await of.Create!(this)), Admin);
        var row = answer.Is(201)[of.Envelope];
        return new Made(collection, (string)row[of.Key]!, row);
    }

    public async Task<string> IdAsync(string path) => (await CreateAsync(path)).Id;

    public async Task ChangeAsync(string path, string body) => (await SendAsync("PUT", path, body, Admin)).Is(200);

    /// <summary>The id of the stage's one external network, which has a subnet.</summary>
    public async Task<string> ExternalNetworkAsync()
    {
        if (external is not null)
            return external;
        var network = await SendAsync("POST", "/v2.0/networks", """{"network": {"router:external": true}}""", Admin);
        external = (string)network.Is(201)["network"]["id"]!;
        var subnet = $$"""{"network_id": "{{external}}", "ip_version": 4, "cidr": "203.0.113.0/24"}""";
        (await SendAsync("POST", "/v2.0/subnets", $$"""{"subnet": {{subnet}}}""", Admin)).Is(201);
        return external;
    }

    /// <summary>The id of the first subnet of a network.</summary>
    public async Task<string> SubnetOfAsync(string network)
    {
        var shown = (await SendAsync("GET", $"/v2.0/networks/{network}", body: null, Admin)).Is(200);
        return (string)shown["network"]["subnets"]![0]!;
    }

    /// <summary>Makes a host known, and gives its name.</summary>
    public async Task<string> HostAsync()
    {
        var unique = Next();
        var address = new IPAddress([10, 0, (byte)(unique / 256), (byte)(unique % 256)]);
        await ExecuteAsync(new RegisterNode($"host-{unique}", address));
        return $"host-{unique}";
    }

    public async Task ExecuteAsync(ICommand command) =>
        Assert.Null((await server.Server.Parts.Lanes.ExecuteAsync(command)).Error);

    private static (string, string)[] As(string roles, string project) =>
        [("X-Roles", roles), ("X-Project-Id", project)];
}
