using Alcor.Server.Identity;
using Alcor.Testing.Keystone;

namespace Alcor.Identity.Tests;

/// <summary>
/// One real Keystone for all tests of the collection, with the people of a small cloud; the password of each is the
/// name. A second one on the same database issues JWS tokens that live for seconds.
/// </summary>
public sealed class RealCloud : IAsyncLifetime
{
    /// <summary>Short enough to wait for its end, long enough to be used before on a busy machine.</summary>
    public static readonly TimeSpan LifeOfShortLived = TimeSpan.FromSeconds(15);

    private static readonly KeystoneFlavour Usual = new("fernet", TimeSpan.FromHours(1));
    private static readonly KeystoneFlavour ShortLived = new("jws", LifeOfShortLived);
    private KeystoneServer? keystone;
    private KeystoneServer? shortLived;
    private IdentityApi? api;

    internal KeystoneServer Keystone => Require(keystone);

    internal KeystoneServer ShortLivedKeystone => Require(shortLived);

    internal IdentityApi Api => Require(api);

    internal string DemoProjectId { get; private set; } = "";

    internal string AliceId { get; private set; } = "";

    internal KeystoneOptions Options => new(Keystone.Url, "alcor", "alcor");

    public async ValueTask InitializeAsync()
    {
        if (KeystoneServer.WhyNot() is not null)
            return;
        keystone = await KeystoneServer.StartAsync(Usual);
        var second = keystone.StartSecondAsync(ShortLived);
        api = new IdentityApi(keystone.Url);
        DemoProjectId = await api.CreateProjectAsync("demo");
        var otherId = await api.CreateProjectAsync("other");
        var serviceId = await api.CreateProjectAsync("service");
        AliceId = await CreateAsync("alice", "member", DemoProjectId);
        await CreateAsync("rita", "reader", DemoProjectId);
        await CreateAsync("bob", "member", otherId);
        await CreateAsync("alcor", "service", serviceId);
        await CreateAsync("nova", "service", serviceId);
        var admin = await api.FindUserAsync("admin");
        await api.GrantAsync(admin, "admin", "domains/default");
        await api.GrantAsync(admin, "admin", $"projects/{DemoProjectId}");
        shortLived = await second;
    }

    public async ValueTask DisposeAsync()
    {
        api?.Dispose();
        if (shortLived is not null)
            await shortLived.DisposeAsync();
        if (keystone is not null)
            await keystone.DisposeAsync();
    }

    /// <summary>A token of one of them.</summary>
    internal Task<string> IssueAsync(string user, string project) =>
        Api.IssueAsync(user, user, IdentityApi.ProjectScope(project));

    private async Task<string> CreateAsync(string name, string role, string projectId)
    {
        var user = await Api.CreateUserAsync(name, name);
        await Api.GrantAsync(user, role, $"projects/{projectId}");
        return user;
    }

    /// <summary>Skips the test where there is no Keystone.</summary>
    private static T Require<T>(T? part)
        where T : class
    {
        Assert.SkipWhen(KeystoneServer.WhyNot() is not null, KeystoneServer.WhyNot() ?? "");
        return part!;
    }
}

[CollectionDefinition(Name)]
public sealed class RealCloudCollection : ICollectionFixture<RealCloud>
{
    public const string Name = "real Keystone";
}
