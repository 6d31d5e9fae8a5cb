using System.Security.Cryptography;
using System.Text;
using Alcor.Agent.Services;

namespace Alcor.Agent.Metadata;

/// <summary>
/// By which headers Nova's metadata API knows which machine asks (Nova, service_metadata_proxy): who says them must
/// know the secret that both share (metadata_proxy_shared_secret), and no machine may say them itself.
/// </summary>
public static class MetadataIdentity
{
    public const string InstanceHeader = "X-Instance-ID";
    public const string ProjectHeader = "X-Tenant-ID";
    public const string AddressHeader = "X-Forwarded-For";
    public const string SignatureHeader = "X-Instance-ID-Signature";

    // Besides those four: by which other proxies say who asks, to Nova or to what stands before it.
    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        InstanceHeader, ProjectHeader, AddressHeader, SignatureHeader, "X-Metadata-Provider",
        "X-Metadata-Provider-Signature", "X-Neutron-Network-ID", "X-Neutron-Router-ID", "X-OVN-Network-ID",
        "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port", "X-Forwarded-Prefix", "X-Real-IP", "Forwarded",
    };

    /// <summary>Whether a machine may not say this. Servers in Python take one that is written with underscores for the
    /// same (PEP 3333).</summary>
    public static bool IsReserved(string header)
    {
        ArgumentNullException.ThrowIfNull(header);
        return Reserved.Contains(header.Replace('_', '-'));
    }

    /// <summary>What the host says of the machine that asks.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> HeadersOf(ServiceClient client, ReadOnlySpan<byte> secret)
    {
        ArgumentNullException.ThrowIfNull(client);
        return
        [
            new(InstanceHeader, client.MachineId),
            new(ProjectHeader, client.ProjectId),
            new(AddressHeader, client.Address.ToString()),
            new(SignatureHeader, Sign(client.MachineId, secret)),
        ];
    }

    /// <summary>HMAC-SHA-256 of the id (RFC 2104), in hexadecimal digits.</summary>
    public static string Sign(string machineId, ReadOnlySpan<byte> secret) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(machineId)));
}
