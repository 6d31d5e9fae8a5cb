using System.CommandLine;
using System.Net;
using System.Text;
using Alcor.Agent.Dns;
using Alcor.Agent.Services;
using Alcor.Server.Metadata;

namespace Alcor.Server;

/// <summary>What the agent's command line says of the services of a host.</summary>
internal static class ServiceArguments
{
    private const string ServicePortName = "alcor-services";

    private static readonly Option<Uri?> MetadataUrl = ServeOptions.Of<Uri?>(
        "--metadata-url", "URL",
        "Nova's metadata API, such as http://controller:8775: what machines ask at 169.254.169.254 and fe80::a9fe:a9fe "
            + "goes there. Default: this host has no metadata service",
        text => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url
            : throw new FormatException($"'{text}' is no URL of HTTP"));

    private static readonly Option<string?> MetadataSecretFile = new("--metadata-secret-file")
    {
        Description = "A file with Nova's metadata_proxy_shared_secret, by which it believes who asks.",
        HelpName = "path",
    };

    private static readonly Option<bool> Names = new("--dns")
    {
        Description = "Answer for the names of machines, asked as the DHCP server of a subnet or at fe80::a9fe:a9fe; "
            + "and say so by DHCP and router advertisements where a subnet has no name servers.",
    };

    private static readonly Option<IReadOnlyList<IPEndPoint>?> Forwarders = ServeOptions.Of<IReadOnlyList<IPEndPoint>?>(
        "--dns-forwarders", "addresses",
        "Who is asked for all other names, with commas between: 192.0.2.53 or 192.0.2.53:5353. Default: the "
            + $"nameservers of {ResolverConfiguration.Path}",
        text => [.. text.Split(',').Select(ReadResolver)]);

    private static readonly Option<string?> Namespace = new("--service-namespace")
    {
        Description = "The network namespace in which metadata and names are asked; made when it is missing. Default: "
            + "alcor- and the name of the bridge",
        HelpName = "name",
    };

    public static void AddTo(Command command)
    {
        foreach (var option in new Option[] { MetadataUrl, MetadataSecretFile, Names, Forwarders, Namespace })
            command.Options.Add(option);
        command.Validators.Add(result =>
        {
            if (result.GetResult(MetadataUrl) is null != result.GetResult(MetadataSecretFile) is null)
                result.AddError("--metadata-url and --metadata-secret-file go together.");
        });
    }

    /// <exception cref="IOException">A file cannot be read, or holds nothing.</exception>
    public static async Task<ServiceOptions> ReadAsync(
        ParseResult parsed, string bridge, CancellationToken cancellationToken) => new()
    {
        Namespace = new ServiceNamespaceOptions(
            parsed.GetValue(Namespace) ?? $"alcor-{bridge}", ServicePortName),
        Metadata = parsed.GetValue(MetadataUrl) is { } url
            ? new MetadataOptions(url, await ReadSecretAsync(parsed.GetValue(MetadataSecretFile)!, cancellationToken))
            : null,
        Resolvers = parsed.GetValue(Names)
            ? parsed.GetValue(Forwarders) ?? await ReadResolversAsync(cancellationToken)
            : null,
    };

    /// <summary>A host without that file has no resolvers, and still its own names.</summary>
    private static async Task<IReadOnlyList<IPEndPoint>> ReadResolversAsync(CancellationToken cancellationToken) =>
        File.Exists(ResolverConfiguration.Path)
            ? ResolverConfiguration.Parse(await ReadAsync(ResolverConfiguration.Path, cancellationToken))
            : [];

    /// <summary>A line end behind it is the editor's.</summary>
    private static async Task<ReadOnlyMemory<byte>> ReadSecretAsync(string path, CancellationToken cancellationToken)
    {
        var secret = (await ReadAsync(path, cancellationToken)).TrimEnd('\r', '\n');
        return secret.Length > 0
            ? Encoding.UTF8.GetBytes(secret)
            : throw new IOException($"{path} is empty: there is no secret in it.");
    }

    private static async Task<string> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllTextAsync(path, cancellationToken);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new IOException(error.Message, error);
        }
    }

    private static IPEndPoint ReadResolver(string text) =>
        IPEndPoint.TryParse(text, out var resolver)
            ? resolver.Port == 0 ? new IPEndPoint(resolver.Address, ServiceAddresses.DnsPort) : resolver
            : throw new FormatException($"'{text}' is not an address");
}
