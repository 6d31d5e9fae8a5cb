namespace Alcor.Agent.Services;

/// <summary>What a host does for its machines itself, beside carrying their packets.</summary>
[Flags]
public enum HostServices
{
    None = 0,

    /// <summary>HTTP at 169.254.169.254 and fe80::a9fe:a9fe, which is for Nova to answer.</summary>
    Metadata = 1,

    /// <summary>Names, asked of the DHCP server of a subnet and at fe80::a9fe:a9fe.</summary>
    Dns = 2,
}

/// <summary>The port that leads to whoever does it.</summary>
/// <param name="Number">The OpenFlow port.</param>
public readonly record struct ServicePort(uint Number, HostServices Offered)
{
    public bool Offers(HostServices service) => Offered.HasFlag(service);
}

/// <summary>As an agent says it to everybody: "metadata,dns".</summary>
public static class HostServiceNames
{
    /// <summary>The name of the configuration.</summary>
    public const string Configuration = "host_services";

    private static readonly (HostServices Service, string Name)[] Names =
        [(HostServices.Metadata, "metadata"), (HostServices.Dns, "dns")];

    public static string Format(HostServices services) =>
        string.Join(',', Names.Where(known => services.HasFlag(known.Service)).Select(known => known.Name));

    /// <summary>What is not known here, a newer agent may offer: it is passed over.</summary>
    public static HostServices Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var words = text.Split(',');
        return Names.Where(known => words.Contains(known.Name))
            .Aggregate(HostServices.None, (services, known) => services | known.Service);
    }
}
