using System.Net;
using System.Text;
using Alcor.Agent.Metadata;
using Alcor.Agent.Services;

namespace Alcor.Agent.Tests.Services;

public sealed class MetadataIdentityTests
{
    [Theory]
    [InlineData("The quick brown fox jumps over the lazy dog", "key",
        "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8")]
    [InlineData("what do ya want for nothing?", "Jefe", // RFC 4231 section 4.3
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")]
    public void The_signature_is_that_of_others(string machine, string secret, string signature) =>
        Assert.Equal(signature, MetadataIdentity.Sign(machine, Encoding.UTF8.GetBytes(secret)));

    [Fact]
    public void Nova_is_told_machine_project_address_and_signature()
    {
        var client = new ServiceClient(
            Guid.Empty, ServiceAddresses.Client(7, 0), IPAddress.Parse("10.0.0.10"), Guid.Empty)
        {
            MachineId = "what do ya want for nothing?", ProjectId = "project",
        };
        Assert.Equal(
            [
                new("X-Instance-ID", client.MachineId), new("X-Tenant-ID", "project"),
                new("X-Forwarded-For", "10.0.0.10"),
                new("X-Instance-ID-Signature", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
            ],
            MetadataIdentity.HeadersOf(client, "Jefe"u8));
    }

    [Theory]
    [InlineData("x-instance-id", true)]
    [InlineData("X_INSTANCE_ID", true)]
    [InlineData("X-Instance_ID-Signature", true)]
    [InlineData("X-Tenant-ID", true)]
    [InlineData("x-forwarded-for", true)]
    [InlineData("X-Metadata-Provider", true)]
    [InlineData("X-Metadata-Provider-Signature", true)]
    [InlineData("Forwarded", true)]
    [InlineData("X-aws-ec2-metadata-token", false)]
    [InlineData("Accept", false)]
    public void A_machine_does_not_say_who_it_is(string header, bool reserved) =>
        Assert.Equal(reserved, MetadataIdentity.IsReserved(header));

    [Fact]
    public void Every_port_and_address_of_it_is_another_client()
    {
        var random = Seed.For(nameof(Every_port_and_address_of_it_is_another_client));
        var asked = Enumerable.Range(0, 5_000)
            .Select(_ => ((uint)random.Next(1, 1 << 14), random.Next(ServiceAddresses.AddressesMax)))
            .Append((1u, 0)).Append(((1u << 14) - 1, ServiceAddresses.AddressesMax - 1)).Distinct();
        var known = asked.Select(one => ServiceAddresses.Client(one.Item1, one.Item2)).ToList();
        Assert.Equal(known.Count, known.Distinct().Count());
        Assert.All(known, address => Assert.True(ServiceAddresses.Clients.Contains(address)));
    }
}
