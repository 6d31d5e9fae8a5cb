using Alcor.Kernel.Resources;
using Alcor.Server.Identity;
using Microsoft.AspNetCore.Http;

namespace Alcor.Identity.Tests;

/// <summary>Without authentication a request says itself who sends it.</summary>
public sealed class NoAuthenticationTests
{
    [Fact]
    public async Task Whoever_says_nothing_is_the_administrator() => Assert.Same(Caller.System, await AskAsync());

    [Fact]
    public async Task A_project_alone_leaves_an_administrator()
    {
        var caller = await AskAsync("X-Project-Id", "p", "X-User-Id", "u", "X-Project-Name", "n", "X-Domain-Id", "d");
        Assert.True(caller.IsAdmin);
        Assert.Equal(("p", "u", "n", "d"), (caller.ProjectId, caller.UserId, caller.ProjectName, caller.DomainId));
        Assert.Contains("admin", caller.Roles);
    }

    [Fact]
    public async Task Whoever_names_roles_has_these_and_the_policy_decides()
    {
        var caller = await AskAsync("X-Roles", " Member,,READER ", "X-Project-Id", "p", "X-Service-Roles", "Service");
        Assert.False(caller.IsAdmin);
        Assert.Equal(["member", "reader"], caller.Roles);
        Assert.Equal(["service"], caller.ServiceRoles);
        Assert.False((await AskAsync("X-Roles", "admin")).IsAdmin);
    }

    [Theory]
    [InlineData("all", true)]
    [InlineData("some", false)]
    [InlineData("", false)]
    public async Task System_scope_is_all_or_none(string scope, bool expected) =>
        Assert.Equal(expected, (await AskAsync("OpenStack-System-Scope", scope)).IsSystemScoped);

    private static async Task<Caller> AskAsync(params string[] headers)
    {
        var http = new DefaultHttpContext();
        foreach (var pair in headers.Chunk(2))
            http.Request.Headers[pair[0]] = pair[1];
        return (await new NoAuthentication(TimeProvider.System).AuthenticateAsync(http)).Caller!;
    }
}
